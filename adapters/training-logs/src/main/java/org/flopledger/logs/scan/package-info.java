/**
 * Tools for readers of logs: lines out of blocks, searches in bytes, JSON within bounds. They know no format.
 *
 * <p>Public for the packages of formats, here and in jars of others.
 */
@NullMarked
package org.flopledger.logs.scan;

import org.jspecify.annotations.NullMarked;
