/** Connections and statements. Not API. */
@NullMarked
package io.hyperferry.internal.jdbc;

import org.jspecify.annotations.NullMarked;
