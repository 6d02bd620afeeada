/**
 * One immutable value for everything that a TimescaleDB database says about itself.
 *
 * <p>{@link io.hyperferry.catalog.CatalogReader} reads a {@link io.hyperferry.catalog.DatabaseCatalog} from a connection; all
 * the other types are records that it is made of, so a test can build one without a database. The package knows how
 * TimescaleDB's catalogs differ by version, and knows nothing of migrating.
 */
@NullMarked
package io.hyperferry.catalog;

import org.jspecify.annotations.NullMarked;
