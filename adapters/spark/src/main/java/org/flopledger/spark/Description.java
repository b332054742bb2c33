package org.flopledger.spark;

import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.flopledger.RunSpec;
import org.flopledger.RunState;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/**
 * How a run is described, as a struct: {@code stage} and {@code model} (text), {@code config} (the text of a config.json), or
 * {@code active_parameters} and {@code total_parameters}, and {@code prior_flop}, what its starting weights had cost. All may be
 * absent or null. Immutable.
 */
final class Description implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int width;
    private final int stage;
    private final int model;
    private final int config;
    private final int active;
    private final int total;
    private final int prior;
    private final int priorPrecision;

    private Description(StructType struct) {
        width = struct.length();
        stage = find(struct, "stage");
        model = find(struct, "model");
        config = find(struct, "config");
        active = find(struct, "active_parameters");
        total = find(struct, "total_parameters");
        prior = find(struct, "prior_flop");
        priorPrecision = prior < 0 ? 0 : ((DecimalType) struct.fields()[prior].dataType()).precision();
    }

    /**
     * Returns how to read a struct.
     *
     * @throws UnsupportedOperationException if a field has another type
     */
    static Description of(StructType struct) {
        return new Description(struct);
    }

    private static int find(StructType struct, String name) {
        for (int i = 0; i < struct.length(); i++) {
            if (struct.fields()[i].name().equalsIgnoreCase(name)) {
                DataType type = struct.fields()[i].dataType();
                boolean isFit = switch (name) {
                    case "active_parameters", "total_parameters" -> type instanceof LongType;
                    case "prior_flop" -> type instanceof DecimalType decimal && decimal.scale() == 0;
                    default -> type instanceof StringType;
                };
                Arguments.require(
                        isFit,
                        "a description whose field " + name + " is "
                                + (name.endsWith("parameters")
                                        ? "BIGINT"
                                        : name.endsWith("flop") ? "DECIMAL(p, 0)" : "STRING")
                                + ", not " + type.sql());
                return i;
            }
        }
        return -1;
    }

    /** Returns the description in an argument for the run of a state, or null where either is absent. */
    static @Nullable RunSpec specOf(@Nullable Description how, RunState state, InternalRow input, int argument) {
        String run = state.run();
        return how == null || run == null || input.isNullAt(argument)
                ? null
                : how.spec(run, input.getStruct(argument, how.width));
    }

    /**
     * Returns the description of a run.
     *
     * @throws IllegalArgumentException if it contradicts itself or describes no known model
     */
    private RunSpec spec(String run, InternalRow row) {
        String stageName = text(row, stage);
        RunSpec.Builder spec =
                RunSpec.of(run, stageName == null ? Stage.UNKNOWN : Stage.valueOf(stageName.toUpperCase(Locale.ROOT)));
        String key = text(row, model);
        String json = text(row, config);
        if (json != null) {
            String name = key == null ? "model" : key;
            spec.model(ModelDescription.parse(json.getBytes(StandardCharsets.UTF_8), name)
                    .architecture());
        } else if (key != null && isKnown(row, total)) {
            long all = row.getLong(total);
            spec.parameters(key, isKnown(row, active) ? row.getLong(active) : all, all);
        }
        if (isKnown(row, prior)) {
            BigDecimal flop = row.getDecimal(prior, priorPrecision, 0).toJavaBigDecimal();
            spec.prior(FlopBounds.exactly(FlopCount.of(flop.toBigIntegerExact())));
        }
        return spec.build();
    }

    private static boolean isKnown(InternalRow row, int field) {
        return field >= 0 && !row.isNullAt(field);
    }

    private static @Nullable String text(InternalRow row, int field) {
        return isKnown(row, field) ? row.getUTF8String(field).toString() : null;
    }
}
