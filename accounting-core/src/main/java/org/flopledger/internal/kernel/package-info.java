/**
 * Column folds in two forms: plain loops for Java 17, memory segments for Java 25, and the provider that picks one.
 *
 * <p>Internal: no type of this package is API.
 */
@NullMarked
package org.flopledger.internal.kernel;

import org.jspecify.annotations.NullMarked;
