/** State files of the Hugging Face trainer with the files beside them: a {@link org.flopledger.logs.LogSource}. */
@NullMarked
package org.flopledger.logs.trainer;

import org.jspecify.annotations.NullMarked;
