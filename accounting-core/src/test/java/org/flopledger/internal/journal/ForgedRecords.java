package org.flopledger.internal.journal;

import java.util.Random;
import org.flopledger.internal.journal.RecordFrame.Extent;

/** Changes records as a forger would, who can compute checksums and hashes. */
final class ForgedRecords {

    private ForgedRecords() {}

    /** Returns the segment with every trailer made right again for the bytes as they are. */
    static byte[] resealed(byte[] segment) {
        byte[] bytes = segment.clone();
        RecordHash previous = null;
        for (int offset = 0; offset + RecordFrame.PREFIX_LENGTH < bytes.length; ) {
            Extent extent = extentAt(bytes, offset);
            if (extent == null) {
                return bytes;
            }
            RecordFrame frame = trailerOf(bytes, extent);
            new RecordFrame(
                            frame.kind(),
                            frame.endsCommit(),
                            frame.sequence(),
                            frame.durable(),
                            previous == null ? frame.previous() : previous)
                    .seal(bytes, extent);
            previous = RecordHash.of(bytes, extent.offset(), extent.length());
            offset += extent.length();
        }
        return bytes;
    }

    /** Returns the segment with some bytes of flatbuffers and bodies changed, lengths and trailers left alone, resealed. */
    static byte[] mutated(byte[] segment, Random random) {
        byte[] bytes = segment.clone();
        int changes = 1 + random.nextInt(6);
        for (int offset = 0; offset + RecordFrame.PREFIX_LENGTH < bytes.length; ) {
            Extent extent = extentAt(bytes, offset);
            if (extent == null) {
                break;
            }
            if (random.nextInt(4) == 0) {
                for (int change = 0; change < changes; change++) {
                    change(bytes, extent, random);
                }
            }
            offset += extent.length();
        }
        return resealed(bytes);
    }

    private static void change(byte[] bytes, Extent extent, Random random) {
        int flatbuffer = extent.metadataLength() - RecordFrame.TRAILER_LENGTH;
        boolean inBody = extent.bodyLength() > 0 && random.nextInt(3) == 0;
        int at = inBody
                ? extent.bodyOffset() + random.nextInt(extent.bodyLength())
                : extent.metadataOffset() + random.nextInt(flatbuffer);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) 0xFF;
            default -> bytes[at] = bytes[extent.metadataOffset() + random.nextInt(flatbuffer)];
        }
    }

    private static Extent extentAt(byte[] bytes, int offset) {
        int metadataLength = RecordFrame.metadataLength(bytes, offset);
        if (metadataLength < 0) {
            return null;
        }
        int trailer = offset + RecordFrame.PREFIX_LENGTH + metadataLength - RecordFrame.TRAILER_LENGTH;
        return new Extent(offset, RecordFrame.recordLength(bytes, trailer, metadataLength), metadataLength);
    }

    private static RecordFrame trailerOf(byte[] bytes, Extent extent) {
        // A record is read only with a right checksum: seal a copy with any trailer fields it has.
        byte[] copy = bytes.clone();
        int checksum = extent.bodyOffset() - RecordFrame.TRAILER_LENGTH + 64;
        for (int i = 0; i < 2; i++) {
            RecordFrame frame = RecordFrame.read(copy, extent);
            if (frame != null) {
                return frame;
            }
            RecordFrame.littleEndian(copy).putInt(checksum, RecordFrame.checksum(copy, extent));
        }
        throw new AssertionError("no trailer");
    }
}
