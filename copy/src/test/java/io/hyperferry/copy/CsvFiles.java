package io.hyperferry.copy;

import com.github.luben.zstd.Zstd;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hyperferry.testkit.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Files for tests of loading CSV, and what became of them. */
final class CsvFiles {

    private CsvFiles() {}

    /** Connecting takes longer than loading a small file. */
    static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMinimumIdle(0);
        config.setMaximumPoolSize(9);
        return new HikariDataSource(config);
    }

    static Path write(Path directory, String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    static byte[] zstd(byte[] bytes) {
        return Zstd.compress(bytes);
    }

    /** Count and digest of all rows, whatever their order. */
    static String digest(TestDatabase database, String table) {
        return String.valueOf(database.value(
                "SELECT count(*) || '/' || coalesce(sum(hash_record_extended(t.*, 0)), 0) FROM " + table + " t"));
    }
}
