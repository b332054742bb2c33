package org.flopledger.cli.attest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/**
 * A DSSE envelope: a statement and its signature. What is signed is the pre-authentication encoding of type and statement, so neither
 * can be exchanged.
 *
 * <p>Immutable.
 */
public final class Envelope {

    private static final String TYPE = "application/vnd.in-toto+json";
    private static final int LARGEST = 64 << 20;
    private static final int DEEPEST = 64;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LARGEST)
                    .build())
            .build());

    private final byte[] payload;
    private final String keyId;
    private final byte[] signature;

    /**
     * Makes an envelope.
     *
     * @param payload the statement's bytes
     * @param keyId a hint at the key, never trusted; may be empty
     * @param signature the signature
     */
    public Envelope(byte[] payload, String keyId, byte[] signature) {
        this.payload = payload.clone();
        this.keyId = keyId;
        this.signature = signature.clone();
    }

    /** Returns the statement's bytes. */
    public byte[] payload() {
        return payload.clone();
    }

    /** Returns the hint at the key; empty if there is none. */
    public String keyId() {
        return keyId;
    }

    /** Returns the signature. */
    public byte[] signature() {
        return signature.clone();
    }

    /** Returns a statement signed with a key. */
    public static Envelope sign(String statement, PrivateKey key, String keyId) {
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        try {
            Signature signature = Signature.getInstance(PemKey.signatureOf(key));
            signature.initSign(key);
            signature.update(encoded(payload));
            return new Envelope(payload, keyId, signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
        }
    }

    /** Returns whether the signature was made over this statement by the owner of a key. */
    public boolean isSignedBy(PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(PemKey.signatureOf(key));
            verifier.initVerify(key);
            verifier.update(encoded(payload));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature that cannot even be read is none.
            return false;
        }
    }

    /** Returns the bytes that are signed: {@code DSSEv1 LENGTH TYPE LENGTH PAYLOAD}. */
    public static byte[] encoded(byte[] payload) {
        byte[] head =
                ("DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    /** Returns the envelope as JSON, ending with a line feed. */
    public String toJson() {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("payloadType", TYPE).put("payload", Base64.getEncoder().encodeToString(payload));
        envelope.putArray("signatures")
                .addObject()
                .put("keyid", keyId)
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return envelope + "\n";
    }

    /**
     * Returns the envelope of a file.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Envelope read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IllegalArgumentException(file + " is larger than " + LARGEST + " bytes, and no envelope of ours");
        }
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            JsonNode signatures = json.path("signatures");
            if (!json.path("payloadType").asText().equals(TYPE) || signatures.size() != 1) {
                throw new IllegalArgumentException(
                        file + " must be a DSSE envelope of " + TYPE + " with one signature, is not");
            }
            return new Envelope(
                    Base64.getDecoder().decode(json.path("payload").asText()),
                    signatures.path(0).path("keyid").asText(),
                    Base64.getDecoder().decode(signatures.path(0).path("sig").asText()));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is no JSON", e);
        }
    }

    /**
     * Returns the statement.
     *
     * @throws IllegalArgumentException if the payload is no JSON object
     */
    public JsonNode statement() {
        return parse(new String(payload, StandardCharsets.UTF_8));
    }

    /**
     * Returns a statement's text as JSON.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static JsonNode parse(String text) {
        try {
            JsonNode statement = JSON.readTree(text);
            if (statement != null && statement.isObject()) {
                return statement;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the signed statement is no JSON", e);
        }
        throw new IllegalArgumentException("the signed statement is no JSON object");
    }

    @Override
    public String toString() {
        return "Envelope[" + payload.length + " bytes, keyid " + keyId + "]";
    }
}
