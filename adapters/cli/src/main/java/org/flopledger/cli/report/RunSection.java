package org.flopledger.cli.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.flopledger.account.ComputeFigure;
import org.flopledger.account.RunAccount.Arithmetic;
import org.flopledger.lineage.Ancestor;
import org.flopledger.report.ComputeReport;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.Stage;
import org.jspecify.annotations.Nullable;

/** Writes all that is to be shown of one run: figures, pictures, and how each figure was counted. */
final class RunSection {

    private static final int SHOWN_DIGITS = 4;

    private final Markup out;
    private final ComputeReport.Run run;

    RunSection(Markup out, ComputeReport.Run run) {
        this.out = out;
        this.run = run;
    }

    void write() {
        out.open("section", "id", "run-" + run.number(), "aria-labelledby", "run-" + run.number() + "-h");
        out.element("h3", "Run " + run.number() + ": " + name(), "id", "run-" + run.number() + "-h");
        details();
        figures();
        series();
        out.raw(Charts.stages(run));
        methods();
        lineage();
        out.raw(Charts.events(run));
        counted();
        warnings();
        out.close("section");
    }

    private String name() {
        return run.model() == null ? run.name() : run.model();
    }

    private void details() {
        out.open("dl", "class", "details");
        detail("identity", run.name());
        if (run.source() != null) {
            detail("read from", run.source());
        }
        run.details().forEach(this::detail);
        out.close("dl");
    }

    private void detail(String name, String value) {
        out.open("div").element("dt", name).element("dd", value).close("div");
    }

    private void figures() {
        Table table = new Table(out, "Compute in FLOP, exact", "part", "low", "best", "high", "coverage");
        figure(table, "total", run.account().total());
        figure(table, "retained", run.account().retained());
        figure(table, "discarded by restarts", run.account().discarded());
        for (Map.Entry<Stage, ComputeFigure> stage :
                run.account().totalByStage().entrySet()) {
            figure(table, "stage " + stage.getKey(), stage.getValue());
        }
        table.end();
    }

    private static void figure(Table table, String name, ComputeFigure figure) {
        boolean isUnknown = figure.covered() == 0 && figure.observations() > 0;
        FlopBounds bounds = figure.bounds();
        table.row(
                name,
                isUnknown ? "unknown" : bounds.low().toString(),
                isUnknown ? "unknown" : bounds.best().toString(),
                isUnknown ? "unknown" : bounds.high().toString(),
                figure.covered() + " of " + figure.observations());
    }

    private void series() {
        String picture = SeriesChart.of(run);
        if (picture.isEmpty()) {
            out.element("p", "No curve: " + run.series().why(), "class", "note");
            return;
        }
        out.open("div", "class", "series", "data-run", run.number())
                .raw(picture)
                .close("div");
    }

    private void methods() {
        if (run.methods().isEmpty()) {
            return;
        }
        out.element("h4", "Methods side by side").raw(Charts.methods(run));
        Table table = new Table(out, "Each method for the whole run", "method", "low", "best", "high", "convention");
        for (ComputeReport.MethodFigure figure : run.methods()) {
            FlopBounds bounds = figure.bounds();
            table.row(
                    Charts.words(figure.method()),
                    bounds.low().toString(),
                    bounds.best().toString(),
                    bounds.high().toString(),
                    figure.convention());
        }
        table.end();
        ComputeReport.Hardware hardware = run.hardware();
        if (hardware != null) {
            out.element("p", "Hardware cross-check: " + words(hardware));
        }
    }

    private static String words(ComputeReport.Hardware hardware) {
        BigDecimal used = hardware.utilisation();
        return (hardware.devices() == null ? "devices not known" : hardware.devices() + " devices")
                + (hardware.model() == null ? "" : " of " + hardware.model())
                + (hardware.ceiling() == null
                        ? "; the time is not known, so there is no ceiling"
                        : " could have done " + hardware.ceiling() + " FLOP at most in the time of the run")
                + (used == null
                        ? "."
                        : "; the operations of the layers are "
                                + used.movePointRight(2).setScale(1, RoundingMode.HALF_UP)
                                + " % of their 16-bit peak.");
    }

    private void lineage() {
        List<Ancestor> ancestors = run.facts().ancestors();
        if (ancestors.isEmpty()) {
            return;
        }
        out.element("h4", "Lineage").raw(Charts.lineage(run));
        Table table =
                new Table(out, "Ancestors, each counted once", "model", "taken over", "developer", "its own FLOP");
        for (Ancestor ancestor : ancestors) {
            FlopBounds compute = ancestor.compute();
            table.row(
                    ancestor.model(),
                    ancestor.role().name(),
                    ancestor.developer().name(),
                    compute == null ? "unknown" : compute.best().toString());
        }
        table.end();
    }

    private void counted() {
        out.element("h4", "How this was counted");
        for (Arithmetic part : run.account().arithmetic()) {
            out.element(
                    "p",
                    "Attempt " + (part.attempt() + 1) + ", " + part.stage() + ", model "
                            + (part.model() == null ? "not described" : part.model()) + ": " + part.observations()
                            + " observations of steps " + part.firstStep() + " to " + part.lastStep()
                            + (part.method() == null
                                    ? ". Nothing prices them."
                                    : ", by " + Charts.words(part.method()) + "."));
            Table table =
                    new Table(out, "Sums of the rows times prices", "figure", "sum of rows", "FLOP each", "product");
            products(table, "best", part.best(), part.figure().bounds().best().toBigInteger());
            products(table, "low", part.low(), part.figure().bounds().low().toBigInteger());
            products(table, "high", part.high(), part.figure().bounds().high().toBigInteger());
            table.end();
        }
        prices();
    }

    private static void products(Table table, String name, List<Arithmetic.Product> products, BigInteger result) {
        for (Arithmetic.Product product : products) {
            table.row(
                    name,
                    product.amount() + " " + product.input(),
                    product.each().toString(),
                    product.flop().toString());
        }
        if (products.size() != 1 || !Arithmetic.sum(products).equals(result)) {
            table.row(name, "sum within its bounds", "", result.toString());
        }
    }

    private void prices() {
        if (run.prices().isEmpty()) {
            return;
        }
        Table table = new Table(
                out,
                "What " + run.prices().get(0).unit() + " costs, operation by operation (2 FLOP each multiply-add)",
                "operation",
                "shape",
                "how often",
                "forward",
                "backward",
                "together");
        BigInteger sum = BigInteger.ZERO;
        for (ComputeReport.Price price : run.prices()) {
            sum = sum.add(price.all());
            table.row(
                    price.name(),
                    price.shape(),
                    Integer.toString(price.times()),
                    price.forward().toString(),
                    price.backward().toString(),
                    price.all().toString());
        }
        table.row("sum", "", "", "", "", sum.toString());
        table.end();
    }

    private void warnings() {
        if (run.warnings().isEmpty()) {
            return;
        }
        out.element("h4", "To know about these figures").open("ul");
        run.warnings().forEach(warning -> out.element("li", warning.code() + ": " + warning.why()));
        out.close("ul");
    }

    /** Returns an amount with few digits, for a table in which the exact one stands elsewhere. */
    static String brief(@Nullable FlopBounds bounds) {
        return bounds == null ? "?" : bounds.best().toScientific(SHOWN_DIGITS);
    }
}
