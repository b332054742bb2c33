package org.flopledger.internal.kernel;

/**
 * Reads little-endian values at native addresses, for the form of the kernels that runs before
 * {@code java.lang.foreign} was final.
 *
 * <p>Whoever owns the memory supplies it, so that this package depends on the JDK alone. Nothing is checked: the caller has
 * checked lengths once, at the edge.
 */
public interface NativeMemory {

    /** Returns the byte at the address. */
    byte byteAt(long address);

    /** Returns the 32-bit integer at the address. */
    int intAt(long address);

    /** Returns the 64-bit integer at the address. */
    long longAt(long address);
}
