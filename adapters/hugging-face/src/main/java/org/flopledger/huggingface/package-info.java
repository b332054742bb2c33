/**
 * Model and PEFT descriptions from the JSON files that Hugging Face libraries write beside weights: {@code config.json} and
 * {@code adapter_config.json}.
 *
 * <p>A file states only what differs from its model class, so every family knows transformers' own defaults. Nothing in a
 * file is executed and nothing is fetched.
 */
@NullMarked
package org.flopledger.huggingface;

import org.jspecify.annotations.NullMarked;
