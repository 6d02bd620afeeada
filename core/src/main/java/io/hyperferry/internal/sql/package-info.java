/** SQL as text, made by pure functions from catalog records. Not API. */
@NullMarked
package io.hyperferry.internal.sql;

import org.jspecify.annotations.NullMarked;
