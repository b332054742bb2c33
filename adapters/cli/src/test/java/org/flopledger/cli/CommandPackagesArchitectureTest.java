package org.flopledger.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds which package of the command uses which: groups of commands above, what they share below, and nothing upwards. */
class CommandPackagesArchitectureTest {

    private static final String ROOT = "org.flopledger.cli";

    private static final JavaClasses COMMAND = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Package to the packages of the command that it may use, and does: an arrow that nobody uses is no part of the design. */
    private static final Map<String, Set<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("options", Set.of("text")),
            Map.entry("runs", Set.of("options", "text")),
            Map.entry("output", Set.of("options", "runs", "text")),
            Map.entry("analyze", Set.of("options", "output", "runs", "text")),
            Map.entry("estimate", Set.of("options", "text")),
            Map.entry("assess", Set.of("options", "text")),
            Map.entry("rules", Set.of("options", "text")),
            Map.entry("attest", Set.of("options", "runs", "text")),
            Map.entry("export", Set.of("options", "runs")),
            Map.entry("ledger", Set.of("attest", "options", "output", "runs", "text")),
            Map.entry("report", Set.of("options", "output", "runs", "text")),
            Map.entry("diff", Set.of("options", "runs", "text"))));

    @Test
    void everyPackageUsesWhatTheTableSaysAndNothingElse() {
        assertThat(arrows()).isEqualTo(MAY_USE);
    }

    @Test
    void thePackagesHaveNoCycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(COMMAND);
    }

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass type : COMMAND) {
            String own = type.getPackageName();
            if (own.equals(ROOT)) {
                continue;
            }
            Set<String> targets = used.computeIfAbsent(shortName(own), first -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (target.startsWith(ROOT) && !target.equals(own)) {
                    targets.add(shortName(target));
                }
            }
        }
        return used;
    }

    /** The root package is the empty name; whoever uses it stands in no table. */
    private static String shortName(String name) {
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }
}
