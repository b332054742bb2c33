package org.flopledger.samples;

import java.io.PrintStream;
import java.util.List;
import org.flopledger.lineage.Lineage;
import org.flopledger.report.Statement;
import org.flopledger.review.FactName;
import org.flopledger.review.Facts;
import org.flopledger.review.ReviewProfile;
import org.flopledger.review.ReviewProfiles;
import org.flopledger.units.CountingMethod;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.flopledger.units.Stage;

/** A base of 9e24 FLOP, two LoRA fine-tunes and their merge, and a full fine-tune past one third of the base. */
public final class LineageSample {

    private LineageSample() {}

    /** Prints a line of verdicts for each model, and the statement of the full fine-tune. */
    public static void main(String[] arguments) {
        print(System.out);
    }

    static void print(PrintStream out) {
        Lineage lineage = Lineage.builder()
                .model(new Lineage.Model("orion-base", "Orion Lab", flop("9e24")))
                .model(new Lineage.Model("legal-lora", "Shop", flop("4e21")))
                .model(new Lineage.Model("medical-lora", "Shop", flop("6e21")))
                .model(new Lineage.Model("merged", "Shop", flop("0")))
                .model(new Lineage.Model("orion-next", "Shop", flop("3000000000000000000000001")))
                .link("legal-lora", Lineage.Relation.PEFT_TRAINED_ON, "orion-base")
                .link("medical-lora", Lineage.Relation.PEFT_TRAINED_ON, "orion-base")
                .link("merged", Lineage.Relation.MERGED_FROM, "legal-lora")
                .link("merged", Lineage.Relation.MERGED_FROM, "medical-lora")
                .link("orion-next", Lineage.Relation.FINE_TUNED_FROM, "orion-base")
                .build();
        ReviewProfile europe = ReviewProfiles.named("eu-gpai");

        for (String model : List.of("legal-lora", "medical-lora", "merged", "orion-next")) {
            out.println(model + ": " + lineage.cumulative(model).known().best().toScientific(4)
                    + " FLOP with its ancestors");
            europe.findings(Facts.none(), facts(lineage, model))
                    .forEach(finding -> out.println("  " + finding.summary()));
        }
        Facts next = facts(lineage, "orion-next");
        out.println(Statement.about(
                        new Statement.Subject("orion-next", 70_000_000_000L, 70_000_000_000L),
                        next,
                        new Statement.Provenance("sample", "declared", null, CountingMethod.REPORTED, "as declared"))
                .profile(europe)
                .findings(europe.findings(Facts.none(), next))
                .build()
                .toMarkdown());
    }

    private static Facts facts(Lineage lineage, String model) {
        FlopBounds own = lineage.model(model).compute();
        Facts.Builder facts = Facts.builder()
                .exactness(Facts.Exactness.EXACT)
                .tag(FactName.MODALITY, "text")
                .ancestors(lineage.ancestorsOf(model));
        if (own != null) {
            facts.line(Facts.Line.of(Stage.SUPERVISED_FINE_TUNING, own));
        }
        return facts.build();
    }

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }
}
