package org.flopledger.cli.options;

import org.flopledger.ComputeLedger;
import picocli.CommandLine.IVersionProvider;

/** Says which version of the library this is, and which form of the column kernels it uses here. */
public final class Version implements IVersionProvider {

    private static final String UNPACKAGED = "unpackaged";

    /** Returns the version written in the jar's manifest, or {@code unpackaged} when run from class files. */
    public static String library() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "flopledger " + library(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.arch"),
            "Kernels " + ComputeLedger.kernelForm()
        };
    }
}
