package org.flopledger.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flopledger.lineage.Ancestor;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;

/** Fills in the compute fields of the European documentation form; what is unknown says so. */
final class DocumentationForm {

    private static final JsonNode FORM = load();
    private static final BigDecimal JOULES_PER_MEGAWATT_HOUR = new BigDecimal("3600000000");
    private static final BigDecimal SECONDS_PER_DAY = new BigDecimal("86400");

    private final Statement statement;

    DocumentationForm(Statement statement) {
        this.statement = statement;
    }

    private static JsonNode load() {
        try (InputStream in = DocumentationForm.class.getResourceAsStream("eu-documentation-form.json")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its data file eu-documentation-form.json");
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read eu-documentation-form.json", e);
        }
    }

    static String citation() {
        return FORM.get("citation").textValue() + " [" + FORM.get("evidence").textValue() + "]";
    }

    /** Returns the fields by their names, in the form's order. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("baseModels", baseModels());
        Long parameters = statement.subject().totalParameters();
        fields.put("totalParameters", parameters == null ? missing() : figures(FlopCount.of(parameters)));
        fields.put("totalParametersBand", parameters == null ? missing() : parameterBand(parameters));
        FlopBounds compute = isCovered() ? statement.cumulative() : null;
        String reservation = reservation();
        fields.put(
                "trainingComputeToNationalAuthorities",
                compute == null ? missing() : orderOfMagnitude(compute.best()) + " FLOP" + reservation);
        fields.put(
                "trainingComputeToAiOffice",
                compute == null ? missing() : figures(compute.best()) + " FLOP" + reservation);
        addTime(fields);
        Double joules = statement.conduct().energyJoules();
        fields.put("trainingEnergyMegawattHours", joules == null ? missing() : megawattHours(joules));
        addInference(fields);
        fields.put(
                "method",
                statement.provenance().method() + ", " + statement.provenance().convention());
        return fields;
    }

    /** Returns whether any step of the run has a figure; a sum of none is not zero. */
    private boolean isCovered() {
        return statement.facts().lines().stream().anyMatch(line -> line.coverage() > 0);
    }

    /** Returns what to read beside the compute: it is a least amount where steps or ancestors have no figure. */
    private String reservation() {
        List<String> unknown = new ArrayList<>(statement.unknownAncestors());
        if (statement.coverage() < 1) {
            unknown.add(0, "some steps");
        }
        return unknown.isEmpty() ? "" : " at least (unknown: " + String.join(", ", unknown) + ")";
    }

    private static String parameterBand(long parameters) {
        for (JsonNode band : FORM.get("parameterBands")) {
            if (parameters <= band.get("upTo").longValue()) {
                return band.get("text").textValue();
            }
        }
        return FORM.get("largestBand").textValue();
    }

    private String baseModels() {
        String bases = statement.facts().ancestors().stream()
                .filter(ancestor -> ancestor.role() == Ancestor.Role.WEIGHTS)
                .map(Ancestor::model)
                .collect(Collectors.joining(", "));
        return bases.isEmpty() ? "none" : bases;
    }

    private void addTime(Map<String, String> fields) {
        Instant start = statement.conduct().startedAt();
        Instant end = statement.conduct().endedAt();
        String band = missing();
        String days = missing();
        if (start != null && end != null) {
            band = band(start, end);
            days = days(BigDecimal.valueOf(Duration.between(start, end).toMillis(), 3));
        }
        fields.put("trainingTimeToNationalAuthorities", band);
        fields.put("trainingWallClockDaysToAiOffice", days);
        Double deviceSeconds = statement.conduct().deviceSeconds();
        fields.put(
                "trainingHardwareDaysToAiOffice",
                deviceSeconds == null ? missing() : days(BigDecimal.valueOf(deviceSeconds)));
    }

    private void addInference(Map<String, String> fields) {
        FlopCount perToken = statement.flopPerGeneratedToken();
        long tokens = FORM.get("inferenceTokens").longValue();
        fields.put("inferenceTask", "generating " + tokens + " tokens");
        fields.put("inferenceComputeFlop", perToken == null ? missing() : figures(perToken.times(tokens)));
    }

    private static String band(Instant start, Instant end) {
        for (JsonNode band : FORM.get("trainingTimeBands")) {
            Instant limit = start.atOffset(ZoneOffset.UTC)
                    .plusMonths(band.get("belowMonths").longValue())
                    .toInstant();
            if (end.isBefore(limit)) {
                return band.get("text").textValue();
            }
        }
        return FORM.get("longestBand").textValue();
    }

    private static String days(BigDecimal seconds) {
        return seconds.divide(SECONDS_PER_DAY, 2, RoundingMode.HALF_UP).toPlainString();
    }

    static String megawattHours(double joules) {
        if (joules == 0) {
            return "0";
        }
        return BigDecimal.valueOf(joules)
                .divide(JOULES_PER_MEGAWATT_HOUR, new MathContext(significantFigures(), RoundingMode.HALF_UP))
                .toPlainString();
    }

    /** Returns an amount with as many significant figures as the form asks for. */
    static String figures(FlopCount amount) {
        return amount.toScientific(significantFigures());
    }

    private static int significantFigures() {
        return FORM.get("significantFigures").intValue();
    }

    private static String orderOfMagnitude(FlopCount amount) {
        return amount.isZero() ? "0" : "10^" + (amount.toString().length() - 1);
    }

    private static String missing() {
        return FORM.get("notAvailable").textValue();
    }
}
