package org.flopledger.cli.runs;

import java.io.PrintWriter;
import java.util.List;
import org.flopledger.cli.text.CanonicalJson;
import org.flopledger.logs.Rejection;

/** Prints what of the files named was not used, and why. Stateless. */
public final class NotUsed {

    private NotUsed() {}

    /** Prints what was not used, and why; nothing if everything was. */
    public static void print(PrintWriter out, List<Rejection> rejections) {
        if (rejections.isEmpty()) {
            return;
        }
        out.println();
        out.println("Not used");
        rejections.forEach(rejection -> out.println("  " + describe(rejection)));
    }

    /** Returns one line that says what was not used, how often, why, and where it was seen first. */
    public static String describe(Rejection rejection) {
        String times = rejection.count() == 1 ? "" : " (" + rejection.count() + " times, this is the first)";
        return rejection.first() + ": " + rejection.reason().meaning() + " ["
                + rejection.reason().code() + "]" + times;
    }

    /** Writes what was not used as a field. */
    public static void write(CanonicalJson json, List<Rejection> rejections) {
        json.beginArray("rejected");
        for (Rejection rejection : rejections) {
            json.beginObject()
                    .text("reason", rejection.reason().code())
                    .number("count", rejection.count())
                    .text("first", rejection.first())
                    .text("meaning", rejection.reason().meaning())
                    .endObject();
        }
        json.endArray();
    }
}
