package io.hyperferry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own, made with the JDK's keytool, and what it signs, as files in PEM. */
final class Certificates {
    private static final String PASSWORD = "for-this-test-alone";
    private static final String AUTHORITY = "authority";

    private final Path directory;
    private final Path store;

    /** A new authority, whose certificate is {@code ca.pem} in this directory. */
    Certificates(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.store = directory.resolve("store.p12");
        keytool("-genkeypair", "-alias", AUTHORITY, "-dname", "CN=Hyperferry test", "-ext", "bc:c", "-keyalg", "RSA");
        write("ca.pem", "CERTIFICATE", certificate(AUTHORITY));
    }

    /** The authority's certificate. */
    Path authority() {
        return directory.resolve("ca.pem");
    }

    /** Signs a certificate for a name, as {@code <name>.pem} beside {@code <name>.key}, which nobody else can read. */
    void sign(String name) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-keyalg",
                "RSA",
                "-signer",
                AUTHORITY);
        write(name + ".pem", "CERTIFICATE", certificate(name));
        write(name + ".key", "PRIVATE KEY", key(name));
    }

    /** A file that {@link #sign} made. */
    Path file(String name) {
        return directory.resolve(name);
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(words));
        command.addAll(List.of(
                "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD, "-validity", "2"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    private void write(String name, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Path file = Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private byte[] certificate(String alias) throws IOException {
        try {
            return load().getCertificate(alias).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private byte[] key(String alias) throws IOException {
        try {
            return load().getKey(alias, PASSWORD.toCharArray()).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream input = Files.newInputStream(store)) {
            keys.load(input, PASSWORD.toCharArray());
        }
        return keys;
    }
}
