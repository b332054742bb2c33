package org.flopledger.cli.options;

import java.nio.file.Path;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.Declaration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that supply what logs lack; every output says that it was declared. */
final class DeclaredChoice {

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "A config.json, or a folder with one, of the model that runs without one trained.")
    private @Nullable Path model;

    @Option(
            names = "--tokens-per-step",
            paramLabel = "N",
            description = "Tokens of each step, of all devices together.")
    private @Nullable Long tokensPerStep;

    @Option(names = "--sequence-length", paramLabel = "N", description = "Tokens of every sequence.")
    private @Nullable Long sequenceLength;

    @Option(names = "--devices", paramLabel = "COUNTxMODEL", description = "What the runs ran on, such as 8xH100.")
    private @Nullable String devices;

    @Option(
            names = "--base",
            paramLabel = "NAME=FLOP",
            description = "What the starting weights had cost, such as llama-3-8b=7.2e23.")
    private @Nullable String base;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    /** Returns what is declared. */
    Declaration declaration() {
        try {
            return new Declaration(
                    model == null ? null : ModelDescription.read(model),
                    tokensPerStep,
                    sequenceLength,
                    devices == null ? null : Declaration.devices(devices),
                    base == null ? null : Declaration.Base.parse(base));
        } catch (DescriptionException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--model: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
