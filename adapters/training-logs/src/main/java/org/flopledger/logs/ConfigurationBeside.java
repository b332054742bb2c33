package org.flopledger.logs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.scan.JsonFacts;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.jspecify.annotations.Nullable;

/** Gives runs whose log does not describe their model the description that lies beside it. Stateless. */
final class ConfigurationBeside {

    private static final String NAME = "config.json";
    private static final List<String> POSITIONS =
            List.of("max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "n_ctx");

    private ConfigurationBeside() {}

    /** Returns a run with the model whose configuration lies in its folder; the run itself if there is none or it knows its model. */
    static LoggedRun supply(LoggedRun run, Path folder, SideFiles sideFiles) {
        Path file = folder.resolve(NAME);
        boolean told = run.model() != null || run.format().equals(LogFormat.MLPERF);
        if (told || !RegularFiles.isReadable(file)) {
            return run;
        }
        try {
            ModelDescription description = ModelDescription.read(file);
            return ParameterCount.of(description.architecture()).total() > 0
                    ? with(run, description, file, longest(sideFiles.json(file, Set.of())))
                    : run;
        } catch (DescriptionException | IllegalArgumentException | ArithmeticException e) {
            return run.with(new LogWarning(
                    LogWarning.Code.MODEL_NOT_READ, UnknownWord.inDescription(NAME, String.valueOf(e.getMessage()))));
        }
    }

    private static @Nullable Long longest(@Nullable JsonFacts facts) {
        return POSITIONS.stream()
                .map(name -> facts == null ? null : facts.whole(name))
                .filter(value -> value != null && value > 0)
                .findFirst()
                .orElse(null);
    }

    private static LoggedRun with(LoggedRun run, ModelDescription description, Path file, @Nullable Long longest) {
        var sources = new ArrayList<>(run.sources());
        sources.add(file);
        Set<Unknown> unknown = EnumSet.noneOf(Unknown.class);
        unknown.addAll(run.setting().unknown());
        unknown.remove(Unknown.MODEL);
        unknown.add(Unknown.TRAINED_PARTS);
        RunSetting setting = run.setting().withLongest(longest).with(ModelOrigin.CONFIGURATION_FILE, unknown);
        return run.change()
                .sources(sources)
                .model(new LoggedModel(description.architecture(), PeftMethod.FULL, null, null, List.of()))
                .setting(setting)
                .toRun();
    }
}
