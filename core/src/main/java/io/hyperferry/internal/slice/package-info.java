/** Finds the rows of slices on the source. Not API. */
@NullMarked
package io.hyperferry.internal.slice;

import org.jspecify.annotations.NullMarked;
