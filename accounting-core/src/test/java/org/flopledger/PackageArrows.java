package org.flopledger;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which package of ours uses which, read from compiled classes, and drawn. */
final class PackageArrows {

    private static final String ROOT = "org.flopledger";

    private PackageArrows() {}

    /** Returns for each package below the root the packages below the root that it uses, in the order of the table. */
    static Map<String, List<String>> of(JavaClasses classes) {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass type : classes) {
            String own = shortName(type.getPackageName());
            if (own.isEmpty()) {
                continue;
            }
            Set<String> targets = used.computeIfAbsent(own, absent -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (target.startsWith(ROOT + ".") && !shortName(target).equals(own)) {
                    targets.add(shortName(target));
                }
            }
        }
        Map<String, List<String>> arrows = new TreeMap<>();
        List<String> order = order(used);
        used.forEach((own, targets) ->
                arrows.put(own, order.stream().filter(targets::contains).toList()));
        return arrows;
    }

    /** The public packages first, each before those that use it; then the internal ones. */
    private static List<String> order(Map<String, Set<String>> used) {
        List<String> order = new ArrayList<>(List.of(
                "units",
                "model",
                "estimation",
                "telemetry",
                "account",
                "lineage",
                "review",
                "journal",
                "report",
                "internal.kernel",
                "internal.bytes",
                "internal.cells",
                "internal.fold",
                "internal.history",
                "internal.book",
                "internal.journal"));
        used.keySet().stream().filter(name -> !order.contains(name)).forEach(order::add);
        return order;
    }

    /** Returns the packages and their arrows as a Mermaid graph. */
    static String picture(JavaClasses classes) {
        Map<String, List<String>> arrows = of(classes);
        String internal = arrows.keySet().stream()
                .filter(name -> name.startsWith("internal."))
                .map(name -> "    " + node(name))
                .collect(Collectors.joining("\n"));
        String lines = arrows.entrySet().stream()
                .flatMap(row -> row.getValue().stream().map(target -> "  " + id(row.getKey()) + " --> " + id(target)))
                .collect(Collectors.joining("\n"));
        return "```mermaid\ngraph TD\n  subgraph internal\n" + internal + "\n  end\n" + lines + "\n```\n";
    }

    private static String node(String name) {
        return id(name) + "[" + name + "]";
    }

    private static String id(String name) {
        return name.replace('.', '_');
    }

    private static String shortName(String name) {
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }
}
