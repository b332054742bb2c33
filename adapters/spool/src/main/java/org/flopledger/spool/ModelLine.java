package org.flopledger.spool;

import java.util.Locale;
import java.util.Set;
import org.flopledger.ComputeLedger;
import org.flopledger.LedgerException;
import org.flopledger.RunSpec;
import org.flopledger.estimation.StepFormula;
import org.flopledger.estimation.TrainingSetting;
import org.flopledger.huggingface.AdapterDescription;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.model.Architecture;
import org.flopledger.model.ParameterCount;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.Stage;

/**
 * Registers the run and the model that a line describes. A description is used only as far as the parameters that the trainer
 * counted agree with it: another model would have another price.
 */
final class ModelLine {

    private static final int LONGEST_KEY = 200;

    /** Stages whose steps may generate tokens; their models are priced forward alone as well. */
    private static final Set<Stage> GENERATING = Set.of(
            Stage.REINFORCEMENT_LEARNING,
            Stage.PREFERENCE_OPTIMIZATION,
            Stage.ROLLOUT_GENERATION,
            Stage.SYNTHETIC_DATA_GENERATION);

    private final ComputeLedger ledger;
    private final StepLine line;
    private final String run;
    private final Stage stage;
    private final String key;

    private ModelLine(ComputeLedger ledger, StepLine line) throws LineException {
        this.ledger = ledger;
        this.line = line;
        run = line.text(LineField.RUN);
        stage = line.word(LineField.STAGE, Stage.class);
        key = line.text(LineField.MODEL);
        if (key.length() > LONGEST_KEY) {
            throw new LineException(
                    LineFault.OUT_OF_RANGE,
                    "model has " + key.length() + " characters, must have at most " + LONGEST_KEY);
        }
    }

    /** Returns the key under which a model's forward pass alone is priced. */
    static String forwardKey(String model) {
        return model + " forward";
    }

    /**
     * Registers what a line describes. The same line again changes nothing.
     *
     * @throws LineException if nothing of it can be used, or it contradicts what was said before
     */
    static void register(ComputeLedger ledger, StepLine line) throws LineException {
        try {
            new ModelLine(ledger, line).register();
        } catch (LedgerException e) {
            if (e.code() != LedgerException.Code.RUN_CHANGED) {
                throw e;
            }
            throw new LineException(
                    LineFault.DESCRIBED_DIFFERENTLY, "describes a run or a model otherwise than before");
        } catch (DescriptionException | IllegalArgumentException | ArithmeticException e) {
            throw new LineException(LineFault.MODEL_NOT_READ, "describes a model that cannot be read");
        }
    }

    private void register() throws LineException {
        byte[] config = line.object(LineField.CONFIG);
        boolean isRegistered = config != null && asDescribed(config);
        if (!isRegistered && !asCounted()) {
            ledger.run(RunSpec.of(run, stage).build());
            throw new LineException(
                    LineFault.MODEL_NOT_READ,
                    config == null
                            ? "tells neither a config nor total_parameters and active_parameters"
                            : "tells other parameters than its config and adapter describe, and no active_parameters");
        }
    }

    /** Returns whether the parameters that were counted are those of the description. */
    private boolean asDescribed(byte[] config) throws LineException {
        PeftMethod method;
        Architecture architecture;
        try {
            ModelDescription base = ModelDescription.parse(config, "config");
            architecture = base.architecture();
            byte[] adapter = line.object(LineField.ADAPTER);
            method = adapter == null
                    ? PeftMethod.FULL
                    : AdapterDescription.parse(adapter, "adapter").methodFor(base);
        } catch (DescriptionException e) {
            // By its parameters, then.
            return false;
        }
        ParameterCount counted = ParameterCount.of(architecture, method);
        if (!agrees(LineField.TOTAL_PARAMETERS, counted.total())) {
            return false;
        }
        Long trained = line.numberOrNull(LineField.TRAINABLE_PARAMETERS);
        if (trained != null && trained != counted.trainable()) {
            return trained <= counted.total() && frozen(counted, trained);
        }
        TrainingSetting setting = TrainingSetting.FULL.with(method).with(recomputation());
        use(RunSpec.of(run, stage).model(architecture, setting).build(), key, run);
        if (GENERATING.contains(stage)) {
            var forward = setting.with(TrainingSetting.Pass.FORWARD_ONLY).with(TrainingSetting.Recomputation.NONE);
            use(RunSpec.of(run, stage).model(architecture, forward).build(), forwardKey(key), "model " + key);
        }
        return true;
    }

    private boolean agrees(LineField field, long described) {
        Long told = line.numberOrNull(field);
        return told == null || told == described;
    }

    /** A model's key is the line's own, whatever came first: the description, or the steps. */
    private void use(RunSpec described, String modelKey, String id) {
        ledger.run(RunSpec.of(id, stage)
                .model(modelKey, described.formulas().toArray(new StepFormula[0]))
                .known(described.known())
                .build());
    }

    private TrainingSetting.Recomputation recomputation() throws LineException {
        String told = line.textOrNull(LineField.RECOMPUTE);
        return switch (told == null ? "unknown" : told.toLowerCase(Locale.ROOT)) {
            case "none" -> TrainingSetting.Recomputation.NONE;
            case "selective" -> TrainingSetting.Recomputation.SELECTIVE;
            case "full" -> TrainingSetting.Recomputation.FULL;
            case "full-reentrant" -> TrainingSetting.Recomputation.FULL_REENTRANT;
            case "unknown" -> TrainingSetting.Recomputation.UNKNOWN;
            default -> throw new LineException(LineFault.UNKNOWN_WORD, "recompute is none of the words it may be");
        };
    }

    private boolean asCounted() {
        Long total = line.numberOrNull(LineField.TOTAL_PARAMETERS);
        Long active = line.numberOrNull(LineField.ACTIVE_PARAMETERS);
        Long trained = line.numberOrNull(LineField.TRAINABLE_PARAMETERS);
        if (total == null || active == null) {
            return false;
        }
        if (trained == null || trained.equals(total)) {
            ledger.run(RunSpec.of(run, stage).parameters(key, active, total).build());
            return true;
        }
        return trained < total
                && frozen(
                        new ParameterCount(total, active, active, active, total, 0, 0, 0, total - active, 0), trained);
    }

    /** Which weights are frozen is not known, only how many: their gradients may be anywhere from none to all. */
    private boolean frozen(ParameterCount whole, long trained) {
        var parameters = new ParameterCount(
                whole.total(),
                whole.active(),
                whole.activeExcludingInputEmbedding(),
                whole.activeExcludingEmbeddings(),
                trained,
                whole.inputEmbedding(),
                whole.outputHead(),
                whole.router(),
                whole.routedExperts(),
                whole.sharedExperts());
        StepFormula formula =
                StepFormula.ofParameters(parameters, TrainingSetting.Pass.TRAINING, StepFormula.LONGEST_SEQUENCE);
        ledger.run(RunSpec.of(run, stage).model(key, formula).build());
        return true;
    }
}
