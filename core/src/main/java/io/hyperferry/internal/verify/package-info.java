/** Compares both sides, slice by slice. Not API. */
@NullMarked
package io.hyperferry.internal.verify;

import org.jspecify.annotations.NullMarked;
