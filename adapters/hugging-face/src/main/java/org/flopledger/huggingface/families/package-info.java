/** The model families, each in a few words over {@link org.flopledger.huggingface.parts}, with their defaults as data. */
@NullMarked
package org.flopledger.huggingface.families;

import org.jspecify.annotations.NullMarked;
