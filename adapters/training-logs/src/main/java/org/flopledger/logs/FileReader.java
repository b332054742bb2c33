package org.flopledger.logs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Opens files, tells their kind by content, and reads each in one pass. Confined to one thread. */
final class FileReader {

    private final JsonFactory json = JsonLimits.factory();
    private final MlperfRecordParser records = new MlperfRecordParser(json);
    private final Rejections rejections;

    FileReader(Rejections rejections) {
        this.rejections = rejections;
    }

    /** What a file turned out to be. */
    sealed interface Content {

        /**
         * A log with MLPerf records.
         *
         * @param hash SHA-256 of its bytes
         * @param evidence what its records say
         * @param lines lines seen
         */
        record MlperfLog(String hash, MlperfEvidence evidence, long lines) implements Content {}

        /**
         * A JSON document.
         *
         * @param hash SHA-256 of its bytes
         * @param facts what was kept of it
         */
        record Document(String hash, JsonFacts facts) implements Content {}
    }

    /** Reads a file; returns null and counts a rejection if it is of no use. */
    @Nullable
    Content read(Path file) {
        MessageDigest digest = sha256();
        try (InputStream stream = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] head = stream.readNBytes(FileHead.LENGTH);
            return switch (FileHead.kind(head, head.length)) {
                case EMPTY -> reject(RejectionReason.EMPTY_FILE, file);
                case GIT_LFS_POINTER -> reject(RejectionReason.GIT_LFS_POINTER, file);
                case UTF_16 -> reject(RejectionReason.UTF_16, file);
                case BINARY -> reject(RejectionReason.BINARY, file);
                case JSON -> document(file, whole(head, stream), digest);
                case TEXT -> text(file, whole(head, stream), digest, null);
            };
        } catch (IOException e) {
            return reject(RejectionReason.UNREADABLE, file);
        }
    }

    /**
     * Reads a side file that is expected to be JSON; returns null, without a rejection, if it is not.
     */
    @Nullable
    JsonFacts sideFile(Path file) {
        try (InputStream stream = Files.newInputStream(file);
                JsonParser parser = json.createParser(stream)) {
            return JsonFacts.read(parser);
        } catch (IOException e) {
            // It may be anything: where it is among the files asked for, reading it there gives the reason.
            return null;
        }
    }

    private static InputStream whole(byte[] head, InputStream rest) {
        int start = FileHead.textStart(head, head.length);
        return new SequenceInputStream(new ByteArrayInputStream(head, start, head.length - start), rest);
    }

    private @Nullable Content document(Path file, InputStream stream, MessageDigest digest) throws IOException {
        try (JsonParser parser = json.createParser(stream)) {
            JsonFacts facts = JsonFacts.read(parser);
            drain(stream);
            return new Content.Document(hash(digest), facts);
        } catch (JsonProcessingException e) {
            return afterBadJson(file, e);
        }
    }

    /** Text that only begins like JSON may still be a log. */
    private @Nullable Content afterBadJson(Path file, JsonProcessingException failure) throws IOException {
        RejectionReason reason = failure instanceof JsonEOFException
                ? RejectionReason.TRUNCATED_JSON
                : failure instanceof StreamConstraintsException
                        ? RejectionReason.JSON_LIMIT
                        : RejectionReason.MALFORMED_JSON;
        long line = failure.getLocation() == null
                ? 1
                : Math.max(1, failure.getLocation().getLineNr());
        MessageDigest digest = sha256();
        try (InputStream again = new DigestInputStream(Files.newInputStream(file), digest)) {
            return text(file, again, digest, new BadJson(reason, line));
        }
    }

    private record BadJson(RejectionReason reason, long line) {}

    private @Nullable Content text(Path file, InputStream stream, MessageDigest digest, @Nullable BadJson instead)
            throws IOException {
        var reader = new MlperfLogReader(file, stream, rejections);
        reader.read(records);
        if (reader.evidence().tellsARun()) {
            return new Content.MlperfLog(hash(digest), reader.evidence(), reader.lines());
        } else if (reader.evidence().records() > 0) {
            return reject(RejectionReason.NO_RUN, file);
        } else if (instead != null) {
            rejections.add(instead.reason(), file, instead.line());
            return null;
        }
        return reject(reader.other(), file);
    }

    private @Nullable Content reject(RejectionReason reason, Path file) {
        rejections.add(reason, file);
        return null;
    }

    private static void drain(InputStream stream) throws IOException {
        byte[] sink = new byte[FileHead.LENGTH];
        while (stream.read(sink) >= 0) {
            // Only the digest wants these bytes.
        }
    }

    private static String hash(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is absent, every Java platform must have it", e);
        }
    }
}
