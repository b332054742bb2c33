package org.flopledger.logs.trainer;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.flopledger.huggingface.AdapterDescription;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.FineTuning;
import org.flopledger.logs.LogAssembly;
import org.flopledger.logs.LogWarning;
import org.flopledger.logs.LoggedModel;
import org.flopledger.logs.SideFiles;
import org.flopledger.logs.UnknownWord;
import org.flopledger.logs.metric.MetricSettings;
import org.flopledger.logs.metric.TrainerArguments;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/**
 * The files that lie beside a trainer's state: the model's configuration, the description of a parameter-efficient method, the
 * results written at the end. Pickles are never opened. Confined to one thread.
 */
final class TrainerSideFiles {

    private static final List<String> RESULTS = List.of("train_results.json", "all_results.json");

    private final SideFiles sideFiles;
    private final List<Path> folders;
    private final MetricSettings told;
    private final @Nullable ModelDescription declared;
    private boolean usesDeclared;
    private final List<Path> used = new ArrayList<>();
    private final List<LogWarning> warnings = new ArrayList<>();

    TrainerSideFiles(LogAssembly assembly, Set<Path> folders) {
        this.sideFiles = assembly.sideFiles();
        this.declared = folders.isEmpty()
                ? null
                : assembly.declaration(folders.iterator().next()).model();
        this.folders = withParents(folders);
        this.told = ArgumentFiles.read(this.folders);
    }

    /** Returns the arguments of the trainer, as far as a file beside its state tells them. */
    TrainerArguments arguments() {
        return told.arguments();
    }

    /**
     * Returns the figures of the states that the training saved on its way, whether or not they are among the files asked for: what
     * they tell of its course must not depend on how files are put before us.
     */
    List<JsonFacts> savedStates() {
        var saved = new ArrayList<JsonFacts>();
        for (Path folder : folders) {
            for (Path checkpoint : ArgumentFiles.below(folder, "checkpoint-*")) {
                JsonFacts facts = sideFiles.json(checkpoint.resolve("trainer_state.json"), Set.of());
                if (facts != null) {
                    saved.add(facts);
                }
            }
        }
        return saved;
    }

    /** Returns a whole number of the model's configuration under the first of some names that it has, or null. */
    @Nullable
    Long configured(String... names) {
        for (Path file : existing("config.json")) {
            JsonFacts facts = sideFiles.json(file, Set.of());
            for (String name : names) {
                Long value = facts == null ? null : facts.whole(name);
                if (value != null && value > 0) {
                    return value;
                }
            }
        }
        return told.configured(names);
    }

    private static List<Path> withParents(Set<Path> folders) {
        var all = new ArrayList<Path>(folders);
        for (Path folder : folders) {
            Path name = folder.getFileName();
            Path parent = folder.getParent();
            if (name != null && parent != null && name.toString().matches("checkpoint-\\d+") && !all.contains(parent)) {
                all.add(parent);
            }
        }
        return all;
    }

    /** Returns a figure of the results written at the end, or null. */
    @Nullable
    BigDecimal result(String name) {
        for (String result : RESULTS) {
            for (Path file : existing(result)) {
                JsonFacts facts = sideFiles.json(file, Set.of());
                BigDecimal figure = facts == null ? null : facts.figure(name);
                if (figure != null) {
                    use(file);
                    return figure;
                }
            }
        }
        return null;
    }

    /** Returns what is known of the model and of how it was trained, or null if no file tells of either. */
    @Nullable
    LoggedModel model() {
        ModelDescription base = base();
        AdapterFile adapter = adapter();
        if (adapter == null) {
            return base == null ? null : new LoggedModel(base.architecture(), PeftMethod.FULL, null, null, List.of());
        }
        PeftMethod method = base == null || !adapter.isRead() ? null : method(adapter, base);
        if (base == null || method == null) {
            return new LoggedModel(null, PeftMethod.FULL, null, null, List.of(adapter.fineTuning()));
        }
        // Only with the base is it known whether its weights are quantised (QLoRA).
        var tuning = new FineTuning(method.technique(), adapter.fineTuning().rank());
        return new LoggedModel(base.architecture(), method, null, null, List.of(tuning));
    }

    private @Nullable ModelDescription base() {
        for (Path file : existing("config.json")) {
            try {
                ModelDescription description = ModelDescription.read(file);
                if (ParameterCount.of(description.architecture()).total() > 0) {
                    use(file);
                    return description;
                }
            } catch (DescriptionException | IllegalArgumentException e) {
                warnings.add(notRead("config.json", e));
            } catch (ArithmeticException e) {
                warn("config.json describes a model of more parameters than can be counted");
            }
        }
        byte[] logged = told.modelConfiguration();
        ModelDescription described = logged == null ? null : described(logged);
        usesDeclared = described == null && declared != null;
        return usesDeclared ? declared : described;
    }

    /** Returns whether the model is one that somebody declared. */
    boolean usesDeclaredModel() {
        return usesDeclared;
    }

    /** Returns the model that the trainer wrote into its event file. */
    private @Nullable ModelDescription described(byte[] configuration) {
        try {
            ModelDescription description = ModelDescription.parse(configuration, "model_config");
            return ParameterCount.of(description.architecture()).total() > 0 ? description : null;
        } catch (DescriptionException | IllegalArgumentException e) {
            warnings.add(notRead("model_config", e));
        } catch (ArithmeticException e) {
            warn("model_config describes a model of more parameters than can be counted");
        }
        return null;
    }

    private static LogWarning notRead(String file, RuntimeException failure) {
        return new LogWarning(
                LogWarning.Code.MODEL_NOT_READ, UnknownWord.inDescription(file, String.valueOf(failure.getMessage())));
    }

    private @Nullable AdapterFile adapter() {
        for (Path file : existing("adapter_config.json")) {
            AdapterFile adapter = AdapterFile.read(file);
            if (adapter != null) {
                warnIfUnread(adapter);
                use(file);
                return adapter;
            }
        }
        return null;
    }

    private void warnIfUnread(AdapterFile adapter) {
        if (!adapter.isRead()) {
            warn(
                    AdapterFile.isTooLarge(adapter.file())
                            ? "adapter_config.json is above 1 MiB and not read; which weights were trained is not known"
                            : "adapter_config.json is no JSON; which weights were trained is not known");
        }
    }

    private void warn(@Nullable String why) {
        warnings.add(new LogWarning(LogWarning.Code.MODEL_NOT_READ, String.valueOf(why)));
    }

    private @Nullable PeftMethod method(AdapterFile adapter, ModelDescription base) {
        try {
            PeftMethod method = AdapterDescription.read(adapter.file()).methodFor(base);
            return ParameterCount.of(base.architecture(), method).trainable() > 0 ? method : null;
        } catch (DescriptionException | IllegalArgumentException e) {
            warnings.add(notRead("adapter_config.json", e));
        } catch (ArithmeticException e) {
            warn("adapter_config.json describes more parameters than can be counted");
        }
        return null;
    }

    private List<Path> existing(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(RegularFiles::isReadable)
                .toList();
    }

    private void use(Path file) {
        if (!used.contains(file)) {
            used.add(file);
        }
    }

    /** Returns the side files that were used. */
    List<Path> used() {
        return used;
    }

    /** Returns what to know about them. */
    List<LogWarning> warnings() {
        return warnings;
    }
}
