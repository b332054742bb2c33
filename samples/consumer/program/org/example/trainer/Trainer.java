package org.example.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerRun;
import org.flopledger.RunSpec;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.logs.TrainingLogs;
import org.flopledger.model.Architecture;
import org.flopledger.review.ReviewProfiles;

/** Records a training in a durable ledger, opens it again, and reads a log: every published jar is used. */
public final class Trainer {

    private static final String CONFIG = """
            {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
             "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 1000, "tie_word_embeddings": false}
            """;
    private static final String STATE = """
            {"global_step": 10, "max_steps": 10, "total_flos": 6000.0, "log_history": [{"step": 10, "loss": 1.0}]}
            """;

    private Trainer() {}

    /** Takes the JDK and the kind of path it is to run on, so that a run on another fails. */
    public static void main(String[] arguments) throws IOException {
        String feature = arguments[0];
        check(Runtime.version().feature() == Integer.parseInt(feature), "Java " + Runtime.version() + ", not " + feature);
        boolean named = Trainer.class.getModule().isNamed();
        check(named == arguments[1].equals("module path"), "on the wrong path, not on the " + arguments[1]);
        check(ComputeLedger.class.getModule().isNamed() == named, "core is in " + ComputeLedger.class.getModule());

        for (Class<?> published : List.of(ComputeLedger.class, ModelDescription.class, TrainingLogs.class)) {
            checkLicence(published);
        }

        Path folder = Files.createTempDirectory("trainer");
        Path config = Files.writeString(folder.resolve("config.json"), CONFIG);
        Files.writeString(folder.resolve("trainer_state.json"), STATE);

        String total = recorded(folder.resolve("ledger"), ModelDescription.read(config).architecture());
        check(TrainingLogs.read(List.of(folder), (done, files) -> {}).runs().size() == 1, "the log holds no run");
        System.out.println("Java " + feature + ", " + arguments[1] + ", kernels " + ComputeLedger.kernelForm() + ": "
                + total + " FLOP");
    }

    private static String recorded(Path directory, Architecture architecture) {
        try (ComputeLedger ledger = ComputeLedger.open(directory)
                .profile(ReviewProfiles.named("eu-gpai"))
                .start()) {
            LedgerRun run = ledger.run(
                    RunSpec.pretraining("orion").model(architecture).build());
            for (long step = 1; step <= 1000; step++) {
                run.step(step).sequences(8, 128).record();
            }
        }
        try (ComputeLedger ledger = ComputeLedger.open(directory).start()) {
            String best = String.valueOf(ledger.totals("orion").total().bounds().best());
            check(best.length() > 10, "the reopened ledger says " + best);
            return best;
        }
    }

    private static void checkLicence(Class<?> published) throws IOException {
        String jar = published.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile file = new JarFile(jar)) {
            for (String name : List.of("META-INF/LICENSE", "META-INF/NOTICE")) {
                check(file.getEntry(name) != null, jar + " has no " + name);
            }
        }
    }

    private static void check(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalStateException(complaint);
        }
    }
}
