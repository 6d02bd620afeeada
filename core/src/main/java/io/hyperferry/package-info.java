/**
 * Moves a TimescaleDB database to another server: schema first, then data in time slices, then everything on top, and a proof at the
 * end that both sides are identical.
 *
 * <p>{@link io.hyperferry.Migration} is the way in: an immutable value that says what to move and how. Its verbs act.
 */
@NullMarked
package io.hyperferry;

import org.jspecify.annotations.NullMarked;
