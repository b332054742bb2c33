package org.flopledger.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flopledger.lineage.Ancestor;
import org.flopledger.review.Assessment;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.ReviewProfile;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What one model's training cost and what rules say of it, with the arithmetic that led to each figure.
 *
 * <p>The same facts give the same bytes, as JSON and as Markdown. Immutable and thread-safe.
 *
 * <p>Made by anyone who hands documentation to a customer or an authority.
 */
public final class Statement {

    /**
     * The model.
     *
     * @param name what readers know it by
     * @param totalParameters null if unknown
     * @param activeParameters parameters one token passes through; null if unknown
     */
    public record Subject(
            String name,
            @Nullable Long totalParameters,
            @Nullable Long activeParameters) {
        /** Checks the name. */
        public Subject {
            if (name.isBlank()) {
                throw new IllegalArgumentException("subject name is blank, must name a model");
            }
        }
    }

    /**
     * How the training went. Anything unknown is null.
     *
     * @param attempts how often it was started
     * @param steps optimizer steps that survive in the weights
     * @param startedAt when the first attempt began
     * @param endedAt when the last one ended
     * @param deviceSeconds seconds of all devices together
     * @param energyJoules energy used
     */
    public record Conduct(
            @Nullable Integer attempts,
            @Nullable Long steps,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Double deviceSeconds,
            @Nullable Double energyJoules) {

        /** Nothing is known of how the training went. */
        public static final Conduct UNKNOWN = new Conduct(null, null, null, null, null, null);

        /** Checks that the end is not before the start and that measured amounts are finite and not negative. */
        public Conduct {
            if (startedAt != null && endedAt != null && endedAt.isBefore(startedAt)) {
                throw new IllegalArgumentException(
                        "training ended at " + endedAt + ", must not be before " + startedAt);
            }
            requireAmount("device-seconds", deviceSeconds);
            requireAmount("energy in J", energyJoules);
        }

        private static void requireAmount(String name, @Nullable Double amount) {
            if (amount != null && (!(amount >= 0) || Double.isInfinite(amount))) {
                throw new IllegalArgumentException(name + " is " + amount + ", must be finite and >= 0");
            }
        }
    }

    /**
     * What the figures were made with.
     *
     * @param library version of this library
     * @param formulaSet name of the formulas
     * @param deviceTable name and date of the device table; null if none was used
     * @param method how the figure of the compute lines was obtained
     * @param convention what the figure counts: attention, head, recomputation, padding
     */
    public record Provenance(
            String library,
            String formulaSet,
            @Nullable String deviceTable,
            CountingMethod method,
            String convention) {}

    private final Subject subject;
    private final Conduct conduct;
    private final Provenance provenance;
    private final Facts facts;
    private final @Nullable FlopCount flopPerGeneratedToken;
    private final List<Assessment> assessments;
    private final List<Finding> findings;

    private Statement(Builder builder, List<Assessment> assessments) {
        subject = builder.subject;
        conduct = builder.conduct;
        provenance = builder.provenance;
        facts = builder.facts;
        flopPerGeneratedToken = builder.flopPerGeneratedToken;
        this.assessments = List.copyOf(assessments);
        findings = List.copyOf(builder.findings);
    }

    /** Returns a builder for a statement on these facts. */
    public static Builder about(Subject subject, Facts facts, Provenance provenance) {
        return new Builder(subject, facts, provenance);
    }

    /** Returns the statement as canonical JSON of schema {@code flopledger.statement/1}, ending with a line feed. */
    public String toJson() {
        return new StatementJson(this).text();
    }

    /** Returns the statement as Markdown for people. */
    public String toMarkdown() {
        return new StatementMarkdown(this).text();
    }

    /**
     * Returns the compute fields of the European documentation form by name, in its order and with its rounding; what is unknown is
     * {@code N/A}. A name that ends with {@code ToNationalAuthorities} or {@code ToAiOffice} is for that recipient alone.
     */
    public Map<String, String> documentationForm() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("source", DocumentationForm.citation());
        form.putAll(new DocumentationForm(this).fields());
        return Collections.unmodifiableMap(form);
    }

    Subject subject() {
        return subject;
    }

    Conduct conduct() {
        return conduct;
    }

    Provenance provenance() {
        return provenance;
    }

    Facts facts() {
        return facts;
    }

    @Nullable
    FlopCount flopPerGeneratedToken() {
        return flopPerGeneratedToken;
    }

    List<Assessment> assessments() {
        return assessments;
    }

    List<Finding> findings() {
        return findings;
    }

    /** Returns the sum of lines of one part; null if there is no such line, which is not the same as zero. */
    @Nullable
    FlopBounds sum(Facts.Part part) {
        FlopBounds sum = null;
        for (Facts.Line line : facts.lines()) {
            if (line.part() == part) {
                sum = sum == null ? line.flop() : sum.plus(line.flop());
            }
        }
        return sum;
    }

    /** Returns retained and discarded work together, recomputation apart; null if there is none. */
    @Nullable
    FlopBounds total() {
        FlopBounds retained = sum(Facts.Part.RETAINED);
        FlopBounds discarded = sum(Facts.Part.DISCARDED);
        if (retained == null || discarded == null) {
            return retained == null ? discarded : retained;
        }
        return retained.plus(discarded);
    }

    /** Returns the smallest coverage of a line; 0 if there is no line. */
    double coverage() {
        return facts.lines().stream().mapToDouble(Facts.Line::coverage).min().orElse(0);
    }

    /** Returns this model's total and its ancestors of weights, each once; null if the total is unknown. */
    @Nullable
    FlopBounds cumulative() {
        FlopBounds sum = total();
        for (Ancestor ancestor : facts.ancestors()) {
            FlopBounds compute = ancestor.compute();
            if (sum != null && compute != null && ancestor.role() == Ancestor.Role.WEIGHTS) {
                sum = sum.plus(compute);
            }
        }
        return sum;
    }

    /** Returns the names of ancestors of weights whose compute is unknown: the cumulative figure lacks them. */
    List<String> unknownAncestors() {
        return facts.ancestors().stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS && ancestor.compute() == null)
                .map(Ancestor::model)
                .toList();
    }

    /** Collects what a statement holds. Not thread-safe. */
    public static final class Builder {

        private final Subject subject;
        private final Facts facts;
        private final Provenance provenance;
        private final List<ReviewProfile> profiles = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private Conduct conduct = Conduct.UNKNOWN;
        private @Nullable FlopCount flopPerGeneratedToken;

        private Builder(Subject subject, Facts facts, Provenance provenance) {
            this.subject = Objects.requireNonNull(subject, "subject");
            this.facts = Objects.requireNonNull(facts, "facts");
            this.provenance = Objects.requireNonNull(provenance, "provenance");
        }

        /** Adds a profile whose rules are applied to the facts. */
        public Builder profile(ReviewProfile profile) {
            profiles.add(profile);
            return this;
        }

        /** States how the training went. */
        public Builder conduct(Conduct how) {
            conduct = how;
            return this;
        }

        /** Adds findings from the ledger's record. */
        public Builder findings(List<Finding> recorded) {
            findings.addAll(recorded);
            return this;
        }

        /** States the computation of one generated token, for the inference benchmark of the documentation form. */
        public Builder flopPerGeneratedToken(FlopCount flop) {
            flopPerGeneratedToken = flop;
            return this;
        }

        /** Returns the statement, with each rule applied. */
        public Statement build() {
            List<Assessment> assessments = new ArrayList<>();
            profiles.forEach(profile -> assessments.addAll(profile.assess(facts)));
            return new Statement(this, assessments);
        }
    }
}
