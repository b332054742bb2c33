package org.flopledger;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the package table of the design: who may use whom, and nobody else. */
class PackageTableArchitectureTest {

    private static final String ROOT = "org.flopledger";
    private static final int MOST_PUBLIC_TYPES = 76;
    private static final int MOST_PUBLIC_TYPES_OF_ESTIMATES = 38;

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Package to the packages of ours that it may use, and does: an arrow that nobody uses is no part of the design. */
    private static final Map<String, List<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            Map.entry("units", List.of()),
            Map.entry("model", List.of("units")),
            Map.entry("estimation", List.of("units", "model")),
            Map.entry("telemetry", List.of("units", "internal.kernel")),
            Map.entry("account", List.of("units", "estimation", "internal.cells")),
            Map.entry("lineage", List.of("units")),
            Map.entry("review", List.of("units", "lineage")),
            Map.entry("journal", List.of()),
            Map.entry("report", List.of("units", "account", "lineage", "review", "internal.json")),
            Map.entry("internal.json", List.of("units", "account", "review")),
            Map.entry("internal.kernel", List.of()),
            Map.entry("internal.bytes", List.of()),
            Map.entry("internal.cells", List.of("units", "estimation", "telemetry", "internal.kernel")),
            Map.entry(
                    "internal.fold",
                    List.of(
                            "units",
                            "estimation",
                            "telemetry",
                            "account",
                            "internal.kernel",
                            "internal.bytes",
                            "internal.cells")),
            Map.entry("internal.history", List.of("telemetry", "internal.kernel")),
            Map.entry(
                    "internal.book",
                    List.of(
                            "units",
                            "estimation",
                            "telemetry",
                            "account",
                            "internal.kernel",
                            "internal.bytes",
                            "internal.cells",
                            "internal.fold",
                            "internal.history")),
            Map.entry("internal.journal", List.of("telemetry", "journal", "internal.kernel"))));

    @TestFactory
    List<DynamicTest> everyPackageUsesOnlyWhatTheTableAllows() {
        return MAY_USE.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey(),
                        () -> classes()
                                .that(resideInAPackage(full(row.getKey())))
                                .should()
                                .onlyDependOnClassesThat(outsideOfOursOr(row.getKey(), row.getValue()))
                                .allowEmptyShould(true)
                                .check(CORE)))
                .toList();
    }

    private static DescribedPredicate<JavaClass> outsideOfOursOr(String own, List<String> allowed) {
        String[] packages = java.util.stream.Stream.concat(java.util.stream.Stream.of(own), allowed.stream())
                .map(PackageTableArchitectureTest::full)
                .toArray(String[]::new);
        return DescribedPredicate.not(resideInAPackage(ROOT + ".."))
                .or(resideInAnyPackage(packages))
                .as("classes outside FlopLedger, or in " + own + " or " + allowed);
    }

    private static String full(String name) {
        return ROOT + "." + name;
    }

    @Test
    void everyArrowOfTheTableIsUsed() {
        assertThat(PackageArrows.of(CORE)).isEqualTo(MAY_USE);
    }

    @Test
    void thePictureInTheDocsIsThatOfTheCode() throws IOException {
        assertThat(Files.readString(Path.of("docs", "packages.md")))
                .as("docs/packages.md; what it must say:%n%s", PackageArrows.picture(CORE))
                .contains(PackageArrows.picture(CORE));
    }

    @Test
    void thePackagesHaveNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void arrowStaysBehindTheBatch() {
        noClasses()
                .that()
                .resideOutsideOfPackages(full("telemetry"), full("internal.journal"), full("internal.cells"), ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.arrow..")
                .check(CORE);
    }

    @Test
    void kernelsUseTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(full("internal.kernel"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..", "jdk.incubator.vector..", full("internal.kernel"), "org.jspecify.."))
                .check(CORE);
    }

    @Test
    void theIncubatingVectorApiStaysInTheOverlay() {
        // The overlay is compiled for 25 and not among the classes imported here, so none of these may name it.
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(CORE);
    }

    @Test
    void nobodyReadsTheClock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(java.time.LocalDate.class, "now")
                .because("time is injected, see style guide 12; ComputeLedger alone supplies the system clock")
                .check(CORE);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT)
                .should()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(java.time.InstantSource.class, "system")
                .check(CORE);
    }

    @Test
    void thePublicFaceStaysSmall() {
        assertThat(publicTypes(""))
                .as("public top-level types of accounting-core")
                .hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
        List<String> pure = java.util.stream.Stream.of("units", "model", "estimation")
                .flatMap(name -> publicTypes("." + name).stream())
                .toList();
        assertThat(pure)
                .as("those that a user takes without a ledger")
                .hasSizeBetween(1, MOST_PUBLIC_TYPES_OF_ESTIMATES);
    }

    private static List<String> publicTypes(String inPackage) {
        return CORE.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getPackageName().startsWith(ROOT + inPackage))
                .filter(type -> !type.getPackageName().contains(".internal."))
                .map(JavaClass::getName)
                .sorted()
                .toList();
    }
}
