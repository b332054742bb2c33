/** Signed statements: in-toto in a DSSE envelope, by keys that are given. The primitives are the JDK's. */
@NullMarked
package org.flopledger.cli.attest;

import org.jspecify.annotations.NullMarked;
