package org.flopledger.telemetry;

import org.apache.arrow.memory.util.MemoryUtil;
import org.flopledger.internal.kernel.NativeMemory;

/** Lets the scalar kernels read Arrow's buffers. */
final class ArrowMemory implements NativeMemory {

    static final ArrowMemory INSTANCE = new ArrowMemory();

    private ArrowMemory() {}

    @Override
    public byte byteAt(long address) {
        return MemoryUtil.getByte(address);
    }

    @Override
    public int intAt(long address) {
        return MemoryUtil.getInt(address);
    }

    @Override
    public long longAt(long address) {
        return MemoryUtil.getLong(address);
    }
}
