package org.flopledger.cli.attest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys as openssl writes them: PEM of PKCS#8 and of SubjectPublicKeyInfo, Ed25519 or ECDSA on P-256 or P-384. */
final class PemKey {

    private static final int LARGEST = 16_384;
    private static final List<String> ALGORITHMS = List.of("Ed25519", "EC");
    private static final int P256 = 256;
    private static final int P384 = 384;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN (PRIVATE|PUBLIC) KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1 KEY-----");

    private PemKey() {}

    /**
     * Returns the private key of a file. Messages hold nothing of it.
     *
     * @throws IllegalArgumentException if the file holds none, or one of another kind
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        byte[] encoded = block(file, "PRIVATE");
        return key(file, factory -> factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    }

    /**
     * Returns the public key of a file.
     *
     * @throws IllegalArgumentException if the file holds none, or one of another kind
     */
    public static PublicKey publicKey(Path file) throws IOException {
        byte[] encoded = block(file, "PUBLIC");
        return key(file, factory -> factory.generatePublic(new X509EncodedKeySpec(encoded)));
    }

    /** Returns the name of a public key: SHA-256 of its encoding, in hexadecimal digits. */
    public static String id(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the JDK's name of the signature that goes with a key. */
    static String signatureOf(Key key) {
        if (key instanceof ECKey curve) {
            int bits = curve.getParams().getCurve().getField().getFieldSize();
            if (bits == P256) {
                return "SHA256withECDSA";
            } else if (bits == P384) {
                return "SHA384withECDSA";
            }
            throw new IllegalArgumentException("the key's curve has " + bits + " bits, must be P-256 or P-384");
        }
        return "Ed25519";
    }

    private static byte[] block(Path file, String kind) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IllegalArgumentException(file + " is too large for a key");
        }
        Matcher block = BLOCK.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        while (block.find()) {
            if (block.group(1).equals(kind)) {
                try {
                    return Base64.getMimeDecoder().decode(block.group(2));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ": the key is no base64", e);
                }
            }
        }
        throw new IllegalArgumentException(file + " holds no line -----BEGIN " + kind
                + " KEY-----; openssl pkcs8 -topk8 -nocrypt" + " and openssl pkey -pubout write such files");
    }

    private interface Maker<K extends Key> {
        K make(KeyFactory factory) throws GeneralSecurityException;
    }

    private static <K extends Key> K key(Path file, Maker<K> maker) {
        for (String algorithm : ALGORITHMS) {
            Optional<K> key = key(algorithm, maker);
            if (key.isPresent()) {
                signatureOf(key.get());
                return key.get();
            }
        }
        throw new IllegalArgumentException(file + ": the key is neither Ed25519 nor on a named curve");
    }

    private static <K extends Key> Optional<K> key(String algorithm, Maker<K> maker) {
        try {
            return Optional.of(maker.make(KeyFactory.getInstance(algorithm)));
        } catch (GeneralSecurityException e) {
            // Of the other algorithm, or of none.
            return Optional.empty();
        }
    }
}
