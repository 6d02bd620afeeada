/**
 * Copies rows between PostgreSQL servers by <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>.
 *
 * <p>Begin at {@link io.hyperferry.copy.CopyEngine}.
 */
@NullMarked
package io.hyperferry.copy;

import org.jspecify.annotations.NullMarked;
