package io.hyperferry.examples;

import io.hyperferry.CatalogJson;
import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Keeps the catalog of a database as a file, for tests that plan without a server: {@code KeepCatalog
 * "jdbc:postgresql://old:5432/metrics?user=app&password=secret" src/test/resources/metrics-catalog.json}.
 */
public final class KeepCatalog {
    private KeepCatalog() {}

    /** Reads and writes; the arguments are the JDBC URL and the file. */
    public static void main(String[] words) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(words[0])) {
            DatabaseCatalog catalog = CatalogReader.create().read(connection);
            Files.writeString(Path.of(words[1]), CatalogJson.write(catalog) + "\n");
        }
    }
}
