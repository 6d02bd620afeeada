/** Exports: a database as files in a directory. */
@NullMarked
package io.hyperferry.internal.export;

import org.jspecify.annotations.NullMarked;
