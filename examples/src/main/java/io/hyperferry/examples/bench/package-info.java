/** Measures Hyperferry beside the ways of moving a hypertable that need nothing but psql. */
@NullMarked
package io.hyperferry.examples.bench;

import org.jspecify.annotations.NullMarked;
