package org.flopledger.logs;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/**
 * The files that lie beside a trainer's state: the model's configuration, the description of a parameter-efficient method, the
 * results written at the end. Pickles are never opened.
 */
final class TrainerSideFiles {

    private static final List<String> RESULTS = List.of("train_results.json", "all_results.json");

    private final FileReader reader;
    private final List<Path> folders;
    private final List<Path> used = new ArrayList<>();

    TrainerSideFiles(FileReader reader, Set<Path> folders) {
        this.reader = reader;
        this.folders = withParents(folders);
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
        for (String file : RESULTS) {
            JsonFacts facts = find(file);
            BigDecimal figure = facts == null ? null : facts.figure(name);
            if (figure != null) {
                return figure;
            }
        }
        return null;
    }

    /** Returns what is known of the model and of how it was trained, or null. */
    @Nullable
    LoggedModel model() {
        JsonFacts adapter = find("adapter_config.json");
        return adapter == null || !adapter.isAdapter()
                ? null
                : new LoggedModel(null, PeftMethod.FULL, null, null, List.of(fineTuning(adapter)));
    }

    private static FineTuning fineTuning(JsonFacts adapter) {
        String type = adapter.name("peft_type") == null ? "" : adapter.name("peft_type");
        PeftTechnique technique = switch (type) {
            case "LORA" ->
                "true".equals(adapter.name("use_dora"))
                        ? PeftTechnique.DORA
                        : "true".equals(adapter.name("use_rslora")) ? PeftTechnique.RS_LORA : PeftTechnique.LORA;
            case "IA3" -> PeftTechnique.IA3;
            case "PROMPT_TUNING" -> PeftTechnique.PROMPT_TUNING;
            case "PREFIX_TUNING" -> PeftTechnique.PREFIX_TUNING;
            default -> PeftTechnique.OTHER;
        };
        return new FineTuning(technique, adapter.whole("r"));
    }

    /** Returns the side files that were used. */
    List<Path> used() {
        return used;
    }

    private @Nullable JsonFacts find(String name) {
        for (Path folder : folders) {
            Path file = folder.resolve(name);
            JsonFacts facts = Files.isRegularFile(file) ? reader.sideFile(file) : null;
            if (facts != null) {
                if (!used.contains(file)) {
                    used.add(file);
                }
                return facts;
            }
        }
        return null;
    }
}
