/** What a description says: bounded JSON, typed fields, and what to warn of. Nothing here knows a model family. */
@NullMarked
package org.flopledger.huggingface.description;

import org.jspecify.annotations.NullMarked;
