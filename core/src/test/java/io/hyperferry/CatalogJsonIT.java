package io.hyperferry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperferry.catalog.CatalogReader;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.testkit.Source;
import io.hyperferry.testkit.TestDatabase;
import io.hyperferry.testkit.TimescaleExtension;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A catalog of a real server, kept as JSON. */
@ExtendWith(TimescaleExtension.class)
class CatalogJsonIT {
    @Test
    void everything_that_a_database_can_have_survives_json(@Source TestDatabase database) throws SQLException {
        TestDatabase source = database.createSibling("kept").superuser();
        HostileSchema.load(source);
        DatabaseCatalog catalog;
        try (Connection connection = source.connect()) {
            catalog = CatalogReader.create().read(connection);
        }

        DatabaseCatalog read = CatalogJson.read(CatalogJson.write(catalog));

        assertThat(read).isEqualTo(catalog);
        assertThat(read.hypertables()).isNotEmpty();
        Migration migration = Migration.from("postgres://nowhere/source").to("postgres://nowhere/target");
        DatabaseCatalog target = DatabaseCatalog.empty(TestCatalogs.server("target"));
        assertThat(migration.plan(read, target).toJson())
                .isEqualTo(migration.plan(catalog, target).toJson());
    }
}
