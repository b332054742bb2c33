package org.flopledger.cli;

import java.util.ArrayList;
import java.util.List;
import org.flopledger.estimation.Estimate;
import org.flopledger.lineage.Ancestor;
import org.flopledger.logs.LoggedRun;
import org.flopledger.logs.RunCompute;
import org.flopledger.model.ParameterCount;
import org.flopledger.review.Assessment;
import org.flopledger.review.Evaluation;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.review.Finding;
import org.flopledger.review.FindingKind;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.Verdict;
import org.flopledger.units.FlopBounds;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a profile, held against a run step by step.
 *
 * @param profile the rules
 */
record RuleScreening(ReviewProfile profile) implements Screening {

    @Override
    public String id() {
        return profile.id();
    }

    @Override
    public Result screen(LoggedRun run, RunCompute compute) {
        var findings = new ArrayList<Finding>();
        long last = compute.upTo(1) == null || run.steps().isEmpty()
                ? 0
                : run.steps().get(run.steps().size() - 1).last();
        if (last == 0) {
            add(run, compute, Facts.none(), facts(run, compute, null), findings);
        } else {
            add(run, compute, Facts.none(), facts(run, compute, 1L), findings);
            between(run, compute, 1, last, findings);
        }
        List<Assessment> atEnd = Evaluation.assess(profile, facts(run, compute, last == 0 ? null : last));
        boolean open = atEnd.stream()
                .filter(assessment -> assessment.comparison() != null)
                .anyMatch(assessment ->
                        assessment.verdict() == Verdict.UNDETERMINED || assessment.verdict() == Verdict.IN_MARGIN);
        return new Result(findings, open);
    }

    /** Finds the steps at which a verdict changes. Verdicts only rise with compute: equal ends hold no change between them. */
    private void between(LoggedRun run, RunCompute compute, long from, long to, List<Finding> findings) {
        Facts before = facts(run, compute, from);
        Facts after = facts(run, compute, to);
        if (from == to || verdicts(before).equals(verdicts(after))) {
            return;
        }
        if (to - from == 1) {
            add(run, compute, before, after, findings);
        } else {
            long middle = from + (to - from) / 2;
            between(run, compute, from, middle, findings);
            between(run, compute, middle, to, findings);
        }
    }

    private List<Verdict> verdicts(Facts facts) {
        return Evaluation.assess(profile, facts).stream()
                .map(Assessment::verdict)
                .toList();
    }

    private void add(LoggedRun run, RunCompute compute, Facts before, Facts after, List<Finding> findings) {
        for (Finding finding : Evaluation.findings(profile, before, after)) {
            Long step = finding.step();
            findings.add(new Finding(
                    finding.rule(),
                    finding.kind(),
                    finding.verdict(),
                    compute.total() == null ? null : finding.flop(),
                    step,
                    step == null || finding.kind() == FindingKind.BASIS_UNKNOWN ? null : StepTimes.shownDone(run, step),
                    finding.summary()));
        }
    }

    private static Facts facts(LoggedRun run, RunCompute compute, @Nullable Long step) {
        Facts.Builder facts = Facts.builder();
        Estimate total = compute.total();
        FlopBounds upTo = step == null ? total == null ? null : total.bounds() : compute.upTo(step);
        // What is unknown is a line that covers nothing, never a line that is left out.
        facts.line(new Facts.Line(
                run.stage(), Facts.Part.RETAINED, false, upTo == null ? FlopBounds.ZERO : upTo, upTo == null ? 0 : 1));
        if (compute.prior() != null || !run.prior().known()) {
            facts.ancestor(new Ancestor(
                    "starting checkpoint", Ancestor.Role.WEIGHTS, Ancestor.Developer.UNSTATED, compute.prior()));
        }
        ParameterCount parameters = compute.parameters();
        if (parameters != null) {
            facts.answer(FactName.MIXTURE_OF_EXPERTS, parameters.router() > 0);
        }
        boolean tuned = run.model() != null && !run.model().fineTuning().isEmpty();
        if (run.model() != null) {
            facts.answer(FactName.PEFT, tuned);
        }
        for (Estimate estimate : compute.estimates()) {
            facts.figure(estimate.method(), estimate.value());
        }
        return facts.position(step == null ? run.progress().lastStep() : step, null)
                .build();
    }
}
