package org.flopledger.logs.wandb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.flopledger.logs.metric.ColumnMapping;
import org.flopledger.logs.metric.RowLog;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.wire.ProtoFields;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a transaction log: rows of the history, settings, start and exit of the run. Console output, names, hosts
 * and everything else is passed over. Confined to one thread.
 *
 * <p>Field numbers are those of {@code wandb_internal.proto}: Record {2 history, 5 config, 17 run, 18 exit}, HistoryRecord {1 item,
 * 2 step}, items {1 key, 2 nested_key, 16 value_json}, RunRecord {1 run_id, 4 config, 14 starting_step, 17 start_time, 18 resumed},
 * RunExitRecord {1 exit_code, 2 runtime}.
 */
final class WandbRecords {

    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_VALUE = 1 << 18;
    private static final int MOST_SETTINGS = 10_000;

    private final RowLog rows;
    private final ObjectNode settings = JSON.createObjectNode();
    private String runId = "";
    private long startSecond = -1;
    private boolean resumed;
    private @Nullable Long exitCode;
    private long history;

    WandbRecords(ColumnMapping mapping) {
        this.rows = new RowLog(mapping);
    }

    /** Reads a record; returns false if the bytes are none. */
    boolean read(byte[] bytes, int length) {
        boolean sound = true;
        var record = new ProtoFields(bytes, 0, length);
        while (record.next()) {
            if (record.isBytes()) {
                sound &= switch (record.field()) {
                    case 2 -> history(record.message());
                    case 5 -> config(record.message());
                    case 17 -> run(record.message());
                    case 18 -> exit(record.message());
                    default -> true;
                };
            }
        }
        return sound && !record.isMalformed();
    }

    private boolean history(ProtoFields history) {
        while (history.next()) {
            if (history.field() == 1 && history.isBytes()) {
                var item = new Item(history.message());
                if (item.malformed) {
                    return false;
                }
                JsonNode value = item.value();
                if (value != null && value.isNumber()) {
                    rows.put(item.key, value.doubleValue());
                } else if (value != null && value.isTextual()) {
                    // NaN and Infinity are written as texts.
                    rows.put(item.key, value.textValue());
                }
            } else if (history.field() == 2 && history.isBytes()) {
                ProtoFields step = history.message();
                while (step.next()) {
                    if (step.field() == 1 && step.isWhole()) {
                        rows.put("_step", (double) step.whole());
                    }
                }
            }
        }
        this.history++;
        return rows.endRow() && !history.isMalformed();
    }

    private boolean config(ProtoFields config) {
        while (config.next()) {
            if (config.field() == 1 && config.isBytes()) {
                var item = new Item(config.message());
                JsonNode value = item.malformed ? null : item.value();
                if (value != null && settings.size() < MOST_SETTINGS) {
                    settings.set(item.key, value);
                }
            }
        }
        return !config.isMalformed();
    }

    private boolean run(ProtoFields run) {
        boolean sound = true;
        while (run.next()) {
            switch (run.field()) {
                case 1 -> runId = run.text(LONGEST_KEY);
                case 4 -> sound &= config(run.message());
                case 17 -> startSecond = second(run.message());
                case 18 -> resumed = run.whole() != 0;
                default -> {
                    // Names, hosts, notes and the rest stay where they are.
                }
            }
        }
        return sound && !run.isMalformed();
    }

    private static long second(ProtoFields timestamp) {
        long second = -1;
        while (timestamp.next()) {
            second = timestamp.field() == 1 ? timestamp.whole() : second;
        }
        return second;
    }

    private boolean exit(ProtoFields exit) {
        long code = 0;
        while (exit.next()) {
            code = exit.field() == 1 ? exit.whole() : code;
        }
        exitCode = code;
        return !exit.isMalformed();
    }

    /** A key and its value. */
    private static final class Item {

        private String key = "";
        private @Nullable String json;
        private final boolean malformed;

        Item(ProtoFields item) {
            while (item.next()) {
                switch (item.field()) {
                    case 1 -> key = item.text(LONGEST_KEY);
                    case 2 -> key = key.isEmpty() ? item.text(LONGEST_KEY) : key + "." + item.text(LONGEST_KEY);
                    case 16 -> json = item.length() > LONGEST_VALUE ? null : item.text(LONGEST_VALUE);
                    default -> {
                        // Nothing else is known in an item.
                    }
                }
            }
            malformed = item.isMalformed();
        }

        @Nullable
        JsonNode value() {
            if (json == null || key.isEmpty() || key.length() > 2 * LONGEST_KEY) {
                return null;
            }
            try {
                return JSON.readTree(json);
            } catch (JsonProcessingException e) {
                return null;
            }
        }
    }

    RowLog rows() {
        return rows;
    }

    ObjectNode settings() {
        return settings;
    }

    String runId() {
        return runId;
    }

    /** Returns when the run began, seconds since 1970 UTC; -1 if the log does not say. */
    long startSecond() {
        return startSecond;
    }

    boolean isResumed() {
        return resumed;
    }

    /** Returns the exit code of the process, or null if the log ends without one. */
    @Nullable
    Long exitCode() {
        return exitCode;
    }

    /** Returns the rows of the history. */
    long history() {
        return history;
    }
}
