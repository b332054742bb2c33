package org.flopledger.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;

/**
 * One command line as the shell sees it.
 *
 * @param status exit code
 * @param out standard output
 * @param err standard error
 */
public record CommandLineRun(int status, String out, String err) {

    /** Runs a command line. */
    public static CommandLineRun of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return new CommandLineRun(into(out, err, words), out.toString(), err.toString());
    }

    /** Runs a command line whose streams are two writers, and returns its exit code. */
    public static int into(Writer out, Writer err, String... words) {
        return FlopLedgerCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    /** Returns standard output as JSON. */
    public JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + out, e);
        }
    }
}
