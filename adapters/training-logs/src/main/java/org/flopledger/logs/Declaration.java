package org.flopledger.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flopledger.huggingface.ModelDescription;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.logs.LoggedRun.Devices;
import org.flopledger.logs.scan.JsonLimits;
import org.flopledger.logs.scan.RegularFiles;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says of runs because their logs do not: nothing in the files shows it, and every output says that it was declared.
 * What a log says itself is never replaced. Immutable.
 *
 * @param model what was trained, or null
 * @param tokensPerStep tokens of each optimizer step of all devices, at least 1, or null
 * @param sequenceLength tokens of every sequence, at least 1, or null
 * @param devices what the runs ran on, or null
 * @param base what the starting weights had cost, or null
 */
public record Declaration(
        @Nullable ModelDescription model,
        @Nullable Long tokensPerStep,
        @Nullable Long sequenceLength,
        @Nullable Devices devices,
        @Nullable Base base) {

    /** Nothing is declared. */
    public static final Declaration NONE = new Declaration(null, null, null, null, null);

    /** Name of the file beside logs that declares what they lack. */
    public static final String FILE = "flopledger.json";

    private static final long LARGEST_FILE = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper(JsonLimits.factory());
    private static final Pattern DEVICES = Pattern.compile("(\\d{1,9})\\s*x\\s*([\\w .+-]{1,80})");

    /**
     * Starting weights.
     *
     * @param name of the model they are
     * @param flop what it had cost
     */
    public record Base(String name, FlopCount flop) {

        /**
         * Reads {@code NAME=FLOP}.
         *
         * @throws IllegalArgumentException if it is of another form
         */
        public static Base parse(String text) {
            int equals = text.lastIndexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "base is '" + text + "', must be NAME=FLOP such as llama-3-8b=7.2e23");
            }
            return new Base(text.substring(0, equals), FlopCount.parse(text.substring(equals + 1)));
        }
    }

    /** Checks the ranges. */
    public Declaration {
        requirePositive("tokens per step", tokensPerStep);
        requirePositive("sequence length", sequenceLength);
    }

    private static void requirePositive(String what, @Nullable Long value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException(what + " is " + value + ", must be at least 1");
        }
    }

    /**
     * Reads devices such as {@code 8xH100}.
     *
     * @throws IllegalArgumentException if it is of another form
     */
    public static Devices devices(String text) {
        Matcher matcher = DEVICES.matcher(text.strip());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) < 1) {
            throw new IllegalArgumentException("devices are '" + text + "', must be COUNTxMODEL such as 8xH100");
        }
        return new Devices(Long.parseLong(matcher.group(1)), matcher.group(2).strip());
    }

    /**
     * Reads the declaration that lies in a folder: a JSON object with any of {@code model} (a path relative to it), {@code
     * tokensPerStep}, {@code sequenceLength}, {@code devices}, {@code base}.
     *
     * @return the declaration; {@link #NONE} if there is no such file
     * @throws IllegalArgumentException saying what is wrong with the file
     */
    static Declaration in(Path folder) {
        Path file = folder.resolve(FILE);
        long size = RegularFiles.size(file);
        if (size < 1) {
            return NONE;
        } else if (size > LARGEST_FILE) {
            throw new IllegalArgumentException(FILE + " is above 1 MiB");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return read(JSON.readTree(stream), folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(FILE + " is no JSON", e);
        } catch (DescriptionException e) {
            throw new IllegalArgumentException(FILE + ": the model it names cannot be read", e);
        }
    }

    private static Declaration read(JsonNode json, Path folder) {
        JsonNode model = json.path("model");
        JsonNode base = json.path("base");
        JsonNode devices = json.path("devices");
        return new Declaration(
                model.isTextual() ? ModelDescription.read(folder.resolve(model.textValue())) : null,
                whole(json, "tokensPerStep"),
                whole(json, "sequenceLength"),
                devices.isTextual() ? devices(devices.textValue()) : null,
                base.isTextual() ? Base.parse(base.textValue()) : null);
    }

    private static @Nullable Long whole(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        } else if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " must be a whole number");
        }
        return value.longValue();
    }

    /** Returns this declaration with what another one says besides. */
    Declaration or(Declaration other) {
        return new Declaration(
                model == null ? other.model : model,
                tokensPerStep == null ? other.tokensPerStep : tokensPerStep,
                sequenceLength == null ? other.sequenceLength : sequenceLength,
                devices == null ? other.devices : devices,
                base == null ? other.base : base);
    }

    /** Returns a run with what it lacks, and a warning that names what was declared. */
    LoggedRun supply(LoggedRun run) {
        var supplied = new ArrayList<String>();
        LoggedRun more = new DeclaredRun(this, run, supplied).supplied();
        return supplied.isEmpty() ? run : more.with(warning(supplied));
    }

    private static LogWarning warning(List<String> supplied) {
        return new LogWarning(
                LogWarning.Code.DECLARED, String.join(", ", supplied) + ": declared; nothing in the files says so");
    }
}
