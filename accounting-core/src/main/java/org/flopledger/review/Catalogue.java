package org.flopledger.review;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** Loads the data files that the jar carries, in the order of {@code index.json}. */
final class Catalogue {

    private Catalogue() {}

    static RuleLibrary load() {
        RuleLibrary library = new RuleLibrary(null);
        LocatedJson index = resource("index.json").only(Set.of("bases", "rules", "profiles"));
        for (String id : ConditionReader.ids(index.at("bases"))) {
            LocatedJson basis = resource("bases/" + id + ".json");
            ProfileReader.format(basis, BasisReader.FORMAT);
            library.addBasis(basis);
        }
        for (String id : ConditionReader.ids(index.at("rules"))) {
            LocatedJson rule = resource("rules/" + id + ".json");
            ProfileReader.format(rule, RuleReader.FORMAT);
            library.addRule(rule);
        }
        for (String id : ConditionReader.ids(index.at("profiles"))) {
            new ProfileReader(library).read(resource("profiles/" + id + ".json"));
        }
        return library;
    }

    private static LocatedJson resource(String name) {
        try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its data file org/flopledger/review/" + name);
            }
            return LocatedJson.parse(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read data file " + name, e);
        }
    }
}
