package org.flopledger.cli;

import java.util.concurrent.Callable;
import org.flopledger.cli.options.ExitStatus;
import org.flopledger.cli.options.Version;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code completion}: prints what a shell needs to complete our words. */
@Command(
        name = "completion",
        description = {
            "Prints a script by which a shell completes commands and options.",
            "",
            "  bash:  source <(flopledger completion bash)",
            "  zsh:   autoload -U +X bashcompinit && bashcompinit; source <(flopledger completion zsh)",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class CompletionCommand implements Callable<Integer> {

    /** The shells that the script is for; one script serves both. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.", defaultValue = "bash")
    private Shell shell = Shell.BASH;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    private CommandSpec spec;

    @Override
    public Integer call() {
        var whole = spec.root().commandLine();
        // Print as it is: the script has line breaks and tabs on purpose.
        String script = AutoComplete.bash("flopledger", whole);
        String prefix = shell == Shell.ZSH ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
        (prefix + script.replace("\t", "    "))
                .lines()
                .forEach(spec.commandLine().getOut()::println);
        return ExitStatus.FINE.code();
    }
}
