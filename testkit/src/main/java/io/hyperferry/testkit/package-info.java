/**
 * Real TimescaleDB servers for tests. Start with {@link io.hyperferry.testkit.TimescaleExtension}.
 */
@NullMarked
package io.hyperferry.testkit;

import org.jspecify.annotations.NullMarked;
