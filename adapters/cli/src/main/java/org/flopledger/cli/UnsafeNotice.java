package org.flopledger.cli;

import java.lang.reflect.Field;

/**
 * Keeps a notice of the JVM off the console that its reader can do nothing about.
 *
 * <p>Arrow's memory uses {@code sun.misc.Unsafe}, and from Java 24 on the JVM says so once, in four lines on the error stream. The
 * switch that allows it ({@code --sun-misc-unsafe-memory-access=allow}) can stand neither in a manifest nor in code, and the notice
 * goes to the first error stream, whatever {@code System.setErr} says. The JVM remembers in a field that it gave the notice, and
 * the package of that field is open to all: setting it is the only way without a flag. Only our own command does this, never the
 * library.
 */
final class UnsafeNotice {

    private static final int GIVEN_SINCE = 24;

    private UnsafeNotice() {}

    /** Tells the JVM that the notice was given; returns whether it will stay away. On a JVM without that field it appears. */
    static boolean silence() {
        if (Runtime.version().feature() < GIVEN_SINCE) {
            return true;
        }
        try {
            Field given = Class.forName("sun.misc.Unsafe").getDeclaredField("memoryAccessWarned");
            given.setAccessible(true);
            given.setBoolean(null, true);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another JVM, or a later one: the notice is printed, and nothing else is different.
            return false;
        }
    }
}
