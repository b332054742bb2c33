package org.flopledger.cli.assess;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that state facts, for {@link AssessCommand}. */
final class AssessFacts {

    @Option(
            names = "--flop",
            paramLabel = "N",
            converter = TypedFact.Flop.class,
            description = "Training compute in FLOP, such as 8e24. An estimate, unless --exact.")
    private @Nullable FlopCount flop;

    @Option(names = "--exact", description = "Take the figures to the last FLOP, without the rule's tolerance.")
    private boolean exact;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            converter = TypedFact.StageName.class,
            description = "What the compute was for, such as pretraining or supervised-fine-tuning.")
    private Stage stage = Stage.UNKNOWN;

    @Option(
            names = "--base-flop",
            paramLabel = "N",
            converter = TypedFact.Base.class,
            description = "Training compute of the model that was modified, or the word unknown.")
    private Facts.@Nullable Original base;

    @Option(
            names = "--other-actor",
            paramLabel = "yes|no",
            arity = "1",
            converter = TypedFact.YesNo.class,
            description = "Whether another actor than the original provider modified the model.")
    private @Nullable Boolean otherActor;

    @Option(
            names = "--base-systemic-risk",
            paramLabel = "yes|no",
            arity = "1",
            converter = TypedFact.YesNo.class,
            description = "Whether the original is classified as a systemic-risk model.")
    private @Nullable Boolean baseSystemicRisk;

    @Option(
            names = "--modality",
            paramLabel = "WORD",
            split = ",",
            description = "What the model generates, such as text or text-to-image.")
    private List<String> modality = List.of();

    @Option(
            names = "--data",
            paramLabel = "WORD",
            split = ",",
            description = "The kind of data it was mainly trained on, such as biological.")
    private List<String> data = List.of();

    @Option(
            names = "--release",
            paramLabel = "WORD",
            split = ",",
            description = "How the weights are released: published-weights or closed.")
    private List<String> release = List.of();

    @Option(
            names = "--revenue",
            paramLabel = "USD",
            converter = TypedFact.Amount.class,
            description = "The developer's group revenue in the previous calendar year.")
    private @Nullable BigDecimal revenue;

    @Option(
            names = "--cost",
            paramLabel = "USD",
            converter = TypedFact.Amount.class,
            description = "The cost of the training at published cloud prices when it began.")
    private @Nullable BigDecimal cost;

    @Option(names = "--moe", description = "The model has mixture-of-experts layers.")
    private boolean mixtureOfExperts;

    @Option(names = "--peft", description = "A parameter-efficient method such as LoRA was trained.")
    private boolean peft;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description =
                    "An accelerator of the device table, such as H100 SXM, for rules about chips; or 8xH100-SXM, for those"
                            + " about clusters too.")
    private @Nullable String device;

    @Option(
            names = "--fact",
            paramLabel = "NAME=VALUE",
            description = "Any other fact that a rule asks for; rules show ID names them.")
    private List<String> facts = List.of();

    @Option(
            names = "--as-of",
            paramLabel = "DATE",
            converter = TypedFact.Day.class,
            description = "Ask for the verdict on a day: a rule not in effect then does not apply.")
    private @Nullable LocalDate asOf;

    /** Returns whether nothing at all was stated. */
    boolean isEmpty() {
        return flop == null
                && base == null
                && otherActor == null
                && baseSystemicRisk == null
                && modality.isEmpty()
                && data.isEmpty()
                && release.isEmpty()
                && revenue == null
                && cost == null
                && !mixtureOfExperts
                && !peft
                && device == null
                && facts.isEmpty();
    }

    /**
     * Returns the facts stated.
     *
     * @param modification whether a rule was named that is about a modification, so that an original exists although
     *     nothing is said of it
     * @throws IllegalArgumentException if a fact has no such name or value
     */
    Facts toFacts(boolean modification) {
        Facts.Builder builder = Facts.builder().exactness(exact ? Facts.Exactness.EXACT : Facts.Exactness.ESTIMATE);
        FlopCount stated = flop;
        if (stated != null) {
            builder.line(Facts.Line.of(stage, FlopBounds.exactly(stated)));
        }
        addOriginal(builder, modification);
        modality.forEach(word -> builder.tag(FactName.MODALITY, FactWords.checked(FactName.MODALITY, word)));
        data.forEach(word -> builder.tag(FactName.DATA_KIND, FactWords.checked(FactName.DATA_KIND, word)));
        release.forEach(word -> builder.tag(FactName.RELEASE, FactWords.checked(FactName.RELEASE, word)));
        add(builder, FactName.ACTOR_REVENUE_USD, revenue);
        add(builder, FactName.TRAINING_COST_USD, cost);
        if (mixtureOfExperts) {
            builder.answer(FactName.MIXTURE_OF_EXPERTS, true);
        }
        if (peft) {
            builder.answer(FactName.PEFT, true);
        }
        String named = device;
        if (named != null) {
            AssessDevice.addTo(builder, named);
        }
        // Last, so that a figure that is typed in wins over the table's.
        facts.forEach(fact -> TypedFact.addTo(builder, fact));
        LocalDate day = asOf;
        if (day != null) {
            builder.asOf(day);
        }
        return builder.build();
    }

    private void addOriginal(Facts.Builder builder, boolean modification) {
        Boolean other = otherActor;
        Facts.Original original = base;
        if (original != null) {
            Ancestor.Developer developer = other == null
                    ? Ancestor.Developer.UNSTATED
                    : other ? Ancestor.Developer.OTHER : Ancestor.Developer.SAME;
            builder.ancestor(new Ancestor("base", Ancestor.Role.WEIGHTS, developer, original.compute()));
        } else if (modification) {
            builder.original(new Facts.Original(null));
        }
        if (other != null) {
            builder.answer(FactName.OTHER_ACTOR, other);
        }
        Boolean systemic = baseSystemicRisk;
        if (systemic != null) {
            builder.answer(FactName.ORIGINAL_SYSTEMIC_RISK, systemic);
        }
    }

    private static void add(Facts.Builder builder, FactName fact, @Nullable BigDecimal amount) {
        if (amount != null) {
            builder.amount(fact, amount);
        }
    }
}
