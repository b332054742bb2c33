package org.flopledger.logs.metric;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.flopledger.huggingface.AdapterDescription;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.ModelOrigin;
import org.flopledger.logs.RunEvidence;
import org.flopledger.logs.Unknown;
import org.flopledger.logs.UnknownWord;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a tracker keeps beside its metrics: those that a mapping knows, and the model's configuration. All else, such
 * as names, hosts and paths, is not kept. Confined to one thread.
 */
public final class MetricSettings {

    private static final Set<Meaning> KEPT = Set.of(
            Meaning.DEVICES, Meaning.MICRO_BATCH, Meaning.ACCUMULATION, Meaning.GLOBAL_BATCH, Meaning.LONGEST_SEQUENCE);

    /** Name of the file in which Lightning keeps what a model was made with. */
    public static final String HYPERPARAMETERS = "hparams.yaml";

    private static final long LARGEST = 1L << 40;

    private final ColumnMapping mapping;
    private final Map<Meaning, Long> figures = new EnumMap<>(Meaning.class);
    private final TrainerArguments arguments = new TrainerArguments();
    private @Nullable JsonNode model;
    private @Nullable JsonNode adapter;
    private boolean paddingLeftOut;

    /** Creates settings of which none is known. */
    public MetricSettings(ColumnMapping mapping) {
        this.mapping = mapping;
    }

    /** Takes all settings of a JSON object; each may stand in an object of its own under {@code value}, as W&amp;B writes it. */
    public void putAll(JsonNode settings) {
        if (settings.hasNonNull("model_type")) {
            putModel(settings);
        }
        arguments.putAll(settings);
        for (Map.Entry<String, JsonNode> field : settings.properties()) {
            JsonNode value = field.getValue();
            put(field.getKey(), value.isObject() && value.has("value") ? value.get("value") : value);
        }
    }

    /** Takes one setting, a number or a text that holds one. */
    public void put(String name, JsonNode value) {
        if (name.equals("include_num_input_tokens_seen")) {
            paddingLeftOut = value.asText().equals("non_padding");
        } else if (name.equals("model_config") && value.isObject()) {
            putModel(value);
        } else if (name.equals("peft_config") && value.isObject()) {
            putAdapter(value);
        } else if (value.isNumber() || (value.isTextual() && value.asText().matches("\\d{1,12}"))) {
            Column column = mapping.column(name);
            if (column != null) {
                put(column, value.asDouble());
            }
        }
    }

    void put(Column column, double value) {
        boolean sensible = value >= 1 && value <= LARGEST && value == Math.rint(value);
        if (sensible && KEPT.contains(column.means())) {
            figures.put(column.means(), (long) value);
        }
    }

    /** Takes the configuration of the model as transformers writes it. */
    public void putModel(JsonNode configuration) {
        if (configuration.hasNonNull("model_type")) {
            model = configuration;
        }
    }

    /** Takes the description of a parameter-efficient method, or one of several by name. */
    private void putAdapter(JsonNode description) {
        if (description.has("peft_type")) {
            adapter = description;
        } else if (description.elements().hasNext()) {
            JsonNode first = description.elements().next();
            adapter = first.has("peft_type") ? first : null;
        }
    }

    /** Takes what another file of the run says and this one does not. */
    public void putAbsent(MetricSettings other) {
        other.figures.forEach(figures::putIfAbsent);
        model = model == null ? other.model : model;
        adapter = adapter == null ? other.adapter : adapter;
        arguments.putAbsent(other.arguments);
        paddingLeftOut |= other.paddingLeftOut;
    }

    /** Returns the arguments of the trainer. */
    public TrainerArguments arguments() {
        return arguments;
    }

    /** Returns a whole number of the model's configuration under the first of some names that it has, or null. */
    public @Nullable Long configured(String... names) {
        for (String name : names) {
            JsonNode value = model == null ? null : model.get(name);
            if (value != null && value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 0) {
                return value.longValue();
            }
        }
        return null;
    }

    /** Returns the configuration of the model as JSON, or null if it is not told. */
    public byte @Nullable [] modelConfiguration() {
        return model == null ? null : bytes(model);
    }

    @Nullable
    Long figure(Meaning meaning) {
        return figures.get(meaning);
    }

    /** Takes what Lightning writes of the model and its data beside what it logs; returns the file, or null if there is none. */
    public @Nullable Path putBeside(Path log) {
        Path file = log.resolveSibling(HYPERPARAMETERS);
        JsonNode settings = SettingsYaml.read(file);
        if (settings == null) {
            return null;
        }
        putAll(settings);
        return file;
    }

    /** Returns whether the trainer was told not to count padding as tokens. */
    boolean isPaddingLeftOut() {
        return paddingLeftOut;
    }

    /** Says to a run's evidence what is known, and names what is not. */
    void tell(RunEvidence.Builder run) {
        tellModel(run);
        Long devices = figures.get(Meaning.DEVICES);
        if (devices == null) {
            run.unknown(Unknown.DEVICES);
        } else {
            // How many of them are replicas of the model depends on its parallelism, which these files do not tell.
            run.worldSize(devices).devices(new Devices(devices, null));
        }
        Long micro = figures.get(Meaning.MICRO_BATCH);
        Long accumulation = figures.get(Meaning.ACCUMULATION);
        Long global = figures.get(Meaning.GLOBAL_BATCH);
        Long longest = figures.get(Meaning.LONGEST_SEQUENCE);
        if (micro != null) {
            run.microBatchSize(micro);
        }
        if (accumulation != null) {
            run.accumulation(accumulation);
        }
        if (global != null) {
            run.globalBatchSize(global);
        } else {
            run.unknown(Unknown.BATCH_SIZE);
        }
        if (longest != null) {
            run.longestSequence(longest);
        }
    }

    private void tellModel(RunEvidence.Builder run) {
        ModelDescription base = base(run);
        FineTuning tuning = null;
        PeftMethod method = PeftMethod.FULL;
        if (adapter != null) {
            try {
                AdapterDescription description = AdapterDescription.parse(bytes(adapter), "peft_config");
                if (base != null) {
                    method = description.methodFor(base);
                    JsonNode rank = adapter.get("r");
                    tuning = new FineTuning(
                            method.technique(), rank != null && rank.canConvertToLong() ? rank.longValue() : null);
                }
            } catch (DescriptionException | IllegalArgumentException e) {
                run.warn(
                        LogWarning.Code.MODEL_NOT_READ,
                        UnknownWord.inDescription("peft_config", String.valueOf(e.getMessage())));
                base = null;
            }
        }
        if (base == null) {
            run.unknown(Unknown.MODEL);
        } else {
            run.model(
                    new LoggedModel(
                            base.architecture(), method, null, null, tuning == null ? List.of() : List.of(tuning)),
                    ModelOrigin.LOG);
        }
        if (adapter == null) {
            // Trackers keep the model's configuration and rarely say which of its weights were frozen.
            run.unknown(Unknown.TRAINED_PARTS);
        }
    }

    private @Nullable ModelDescription base(RunEvidence.Builder run) {
        if (model == null) {
            return null;
        }
        try {
            ModelDescription description = ModelDescription.parse(bytes(model), name(model));
            return ParameterCount.of(description.architecture()).total() > 0 ? description : null;
        } catch (DescriptionException | IllegalArgumentException e) {
            run.warn(
                    LogWarning.Code.MODEL_NOT_READ,
                    UnknownWord.inDescription("config", String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static String name(JsonNode configuration) {
        String type = configuration.path("model_type").asText();
        return type.matches("[a-z0-9_-]{1,40}") ? type : "model_config";
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
