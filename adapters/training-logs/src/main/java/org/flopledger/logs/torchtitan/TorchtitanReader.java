package org.flopledger.logs.torchtitan;

import java.util.List;
import org.flopledger.logs.LogFile;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.RunStatus;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.UnknownWord;
import org.flopledger.logs.console.ConsoleLine;
import org.flopledger.logs.console.Key;
import org.flopledger.logs.console.OneRun;
import org.flopledger.logs.console.StepRow;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log of torchtitan. Tokens are slots: global batch x sequence length. {@code tps} is that of one device, those of pipeline
 * and tensor ranks included. Confined to one thread.
 */
final class TorchtitanReader extends OneRun {

    private static final Key STEP = Key.of("step:");
    private static final Key TPS = Key.of("tps:");
    private static final Key WPS = Key.of("wps:");
    private static final Key LOSS = Key.of("loss:");
    private static final Key TERAFLOP = Key.of("tflops:");
    private static final Key MEMORY = Key.of("memory:");
    private static final Key MESH = Key.of("Building device mesh with parallelism:");
    private static final Key OLD_MESH = Key.of("-D device mesh with [");
    private static final List<Key> PARTS =
            List.of(Key.of("pp="), Key.of("dp_replicate="), Key.of("dp_shard="), Key.of("cp="), Key.of(" tp="));
    private static final Key LOCAL = Key.of("local batch size");
    private static final Key GLOBAL = Key.of("global batch size");
    private static final Key ACCUMULATION = Key.of("gradient accumulation steps");
    private static final Key LENGTH = Key.of("sequence length");
    private static final Key STARTS = Key.of("Training starts at step");
    private static final Key COMPLETED = Key.of("Training completed");
    private static final Key DEVICE = Key.of("capacity:");
    private static final Key WITH = Key.of(" with ");
    private static final double TERA = 1e12;

    private long world = -1;
    private long localBatch = -1;
    private long globalBatch = -1;
    private long accumulation = -1;
    private long length = -1;
    private @Nullable String device;
    private boolean completed;
    private boolean claims;

    TorchtitanReader() {
        super(1);
        rows().keepClaims(true);
    }

    @Override
    protected boolean line(ConsoleLine line, LogFile file) {
        int at = STEP.at(line);
        if (at < 0 || !MEMORY.in(line)) {
            return setting(line);
        }
        double tokensPerSecond = TPS.in(line) ? TPS.decimal(line) : WPS.decimal(line);
        long step = STEP.whole(line);
        if (Double.isNaN(tokensPerSecond) || step < 1) {
            return false;
        }
        StepRow row = begin(line, at, step).loss(LOSS.decimal(line));
        rows().batch(globalBatch).sequenceLength(length);
        if (globalBatch > 0 && length > 0 && tokensPerSecond > 0) {
            double tokens = (double) globalBatch * length;
            double rate = TERAFLOP.decimal(line);
            claims |= rate > 0;
            row.claimedFlop(rate * TERA * tokens / tokensPerSecond);
            if (world > 0) {
                row.seconds(tokens / (tokensPerSecond * world));
            }
        }
        commit(line, file);
        return true;
    }

    private boolean setting(ConsoleLine line) {
        if (STARTS.in(line)) {
            resumesAfter(line, STARTS.whole(line) - 1);
        } else if (MESH.in(line)) {
            world = product(line);
        } else if (OLD_MESH.in(line)) {
            world = oldProduct(line);
        } else if (GLOBAL.in(line) || LOCAL.in(line)) {
            localBatch = LOCAL.whole(line);
            globalBatch = GLOBAL.whole(line);
            accumulation = ACCUMULATION.whole(line);
            length = LENGTH.in(line) ? LENGTH.whole(line) : length;
        } else if (DEVICE.in(line) && WITH.in(line)) {
            device = device(line);
        } else if (COMPLETED.in(line)) {
            completed = true;
        } else {
            return false;
        }
        return true;
    }

    private static long product(ConsoleLine line) {
        long product = 1;
        for (Key part : PARTS) {
            long size = part.whole(line);
            // A dimension that a version does not have is not printed.
            product *= size < 1 ? 1 : Math.min(size, 1 << 20);
            if (product > 1L << 30) {
                return -1;
            }
        }
        return product;
    }

    /** {@code Building 2-D device mesh with ['dp_shard', 'tp'], [4, 2]}. */
    private static long oldProduct(ConsoleLine line) {
        String sizes = line.text(OLD_MESH.behind(line), line.to(), 200);
        int open = sizes.lastIndexOf('[');
        long product = 1;
        for (String size : sizes.substring(open + 1).split("[^0-9]+", 10)) {
            product *= size.isEmpty() || size.length() > 6 ? 1 : Long.parseLong(size);
            if (product > 1L << 30) {
                return -1;
            }
        }
        return product;
    }

    private static @Nullable String device(ConsoleLine line) {
        int from = DEVICE.behind(line);
        String name = line.text(from, WITH.at(line), 80).strip();
        return name.isEmpty() ? null : UnknownWord.orDevice(name);
    }

    @Override
    protected void describe(RunEvidence.Builder run) {
        devices(run, world, device);
        model(run, null);
        run.globalBatchSize(globalBatch)
                .microBatchSize(localBatch)
                .accumulation(accumulation)
                .longestSequence(length)
                .unknown(Unknown.PADDING)
                .unknown(Unknown.SEQUENCE_LENGTHS)
                .unknown(Unknown.PRIOR);
        if (globalBatch < 1) {
            run.unknown(Unknown.BATCH_SIZE);
        }
        if (claims) {
            run.warn(
                    LogWarning.Code.CLAIM_FROM_RATE,
                    "what the trainer reported is torchtitan's tflops x time x devices, of few digits: 6 x parameters without the"
                            + " token table, and attention over the full square, without recomputation");
        }
        if (completed) {
            run.status(RunStatus.SUCCESS);
        }
    }
}
