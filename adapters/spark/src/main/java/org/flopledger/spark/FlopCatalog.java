package org.flopledger.spark;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The functions of FlopLedger for SQL, PySpark and Connect: {@code spark.sql.catalog.flop=org.flopledger.spark.FlopCatalog} makes
 * them {@code flop.ledger_build} and so on. {@code docs/spark.md} lists them.
 */
public final class FlopCatalog implements FunctionCatalog {

    private static final Map<String, UnboundFunction> FUNCTIONS = new TreeMap<>(Map.of(
            "ledger_build", new BuildFunction(BuildFunction.Result.STATE),
            "ledger_intake", new BuildFunction(BuildFunction.Result.INTAKE),
            "ledger_merge", new MergeFunction(),
            "ledger_total", new TotalFunction(),
            "ledger_findings", new FindingsFunction(),
            "flop_estimate", new EstimateFunction(),
            "parameters", new ParametersFunction(),
            "assess", new AssessFunction()));

    private String name = "flop";

    /** Made by Spark, by the class's name. */
    public FlopCatalog() {}

    @Override
    public void initialize(String catalog, CaseInsensitiveStringMap options) {
        name = catalog;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Identifier[] listFunctions(String[] namespace) {
        return namespace.length > 0
                ? new Identifier[0]
                : FUNCTIONS.keySet().stream()
                        .map(function -> Identifier.of(namespace, function))
                        .toArray(Identifier[]::new);
    }

    @Override
    public UnboundFunction loadFunction(Identifier identifier) throws NoSuchFunctionException {
        UnboundFunction function = FUNCTIONS.get(identifier.name().toLowerCase(Locale.ROOT));
        if (function == null || identifier.namespace().length > 0) {
            throw new NoSuchFunctionException(identifier);
        }
        return function;
    }
}
