package org.flopledger.estimation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Accelerators by name, read from data.
 *
 * <p>Immutable and thread-safe.
 *
 * <p>{@link #standard} is the shipped one; {@link #parse} reads a file of the same form.
 */
public final class AcceleratorTable {

    private static final String RESOURCE = "accelerators.json";

    private final String version;
    private final List<Accelerator> accelerators;
    private final AcceleratorNames names;

    AcceleratorTable(String version, List<Accelerator> accelerators, List<RefusedDevice> refused) {
        this.version = version;
        this.accelerators = List.copyOf(accelerators);
        this.names = new AcceleratorNames(accelerators, refused);
    }

    /**
     * Devices that are known by name and have no peaks in the table.
     *
     * @param names spellings
     * @param why why they have none, for people
     */
    record RefusedDevice(List<String> names, String why) {

        /** Copies the names. */
        RefusedDevice {
            names = List.copyOf(names);
        }
    }

    /** Returns the table that comes with the library. */
    public static AcceleratorTable standard() {
        return Standard.TABLE;
    }

    /** Reads the data once, when first asked for. */
    private static final class Standard {

        private static final AcceleratorTable TABLE = read();

        private static AcceleratorTable read() {
            try (InputStream data = AcceleratorTable.class.getResourceAsStream(RESOURCE)) {
                if (data == null) {
                    throw new IllegalStateException(RESOURCE + " is absent from the library");
                }
                return parse(data);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + RESOURCE, e);
            }
        }
    }

    /**
     * Returns the table in this JSON: {@code version} and {@code accelerators}, each with the fields of {@link Accelerator}, and
     * {@code refused}, which may be absent: {@code names} of devices without peaks, and {@code why}.
     *
     * @throws IOException if the bytes cannot be read
     * @throws IllegalArgumentException if they are no such JSON; the message names accelerator and field
     */
    public static AcceleratorTable parse(InputStream json) throws IOException {
        return AcceleratorReader.read(json);
    }

    /** Returns the version of the data, a date. */
    public String version() {
        return version;
    }

    /** Returns every accelerator, in the order of the data. */
    public List<Accelerator> accelerators() {
        return accelerators;
    }

    /**
     * Returns the accelerator of this name: its id, name or alias, or a longer text that contains one in whole words, such as
     * {@code NVIDIA H100-SXM5-80GB (2x PCIe Gen5)}. Case, blanks and punctuation do not matter.
     *
     * <p>Empty if none fits, if the text leaves the variant open, or if it says more than the name and the words that change no
     * peak (makers, memory of the same size, power): {@code RTX 4090 Laptop} and {@code A100 MIG 1g.5gb} are other devices than
     * the names they contain.
     */
    public Optional<Accelerator> find(String name) {
        return names.find(name);
    }

    /**
     * Returns why {@link #find} has no accelerator for this name, for people: the reason given in the data, or the words that
     * make it another device than the one it names. Empty if it finds one, or if the name is like none in the table.
     */
    public Optional<String> refusal(String name) {
        return names.refusal(name);
    }
}
