/** Executes a plan: the runner and one handler for each kind of step. Not API. */
@NullMarked
package io.hyperferry.internal.run;

import org.jspecify.annotations.NullMarked;
