package org.flopledger.spark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of Spark only what its interface for functions is made of. */
class SparkApiArchitectureTest {

    /** Values of the function interface: what a function is given and must return. Decision 0047. */
    private static final Set<String> VALUES = Set.of(
            "org.apache.spark.sql.catalyst.InternalRow",
            "org.apache.spark.sql.catalyst.SpecializedGetters",
            "org.apache.spark.sql.catalyst.expressions.GenericInternalRow",
            "org.apache.spark.sql.catalyst.expressions.SpecializedGetters",
            "org.apache.spark.sql.catalyst.util.ArrayBasedMapData",
            "org.apache.spark.sql.catalyst.util.ArrayData",
            "org.apache.spark.sql.catalyst.util.GenericArrayData",
            "org.apache.spark.sql.catalyst.util.MapData",
            "org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException");

    @Test
    void noInternalOfSparkIsUsed() {
        DescribedPredicate<JavaClass> internal = resideInAPackage("org.apache.spark.sql.catalyst..")
                .or(resideInAPackage("org.apache.spark.sql.execution.."))
                .or(resideInAPackage("org.apache.spark.sql.internal.."))
                .or(resideInAPackage("org.apache.spark.sql.classic.."))
                .or(resideInAPackage("org.apache.spark.util.."))
                .and(DescribedPredicate.describe(
                        "no value of the interface", type -> !VALUES.contains(type.getName())));
        noClasses()
                .should()
                .dependOnClassesThat(internal)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.flopledger.spark"));
    }
}
