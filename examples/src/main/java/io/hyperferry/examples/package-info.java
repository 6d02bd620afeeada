/** One small program per feature; each can be run as it is. */
@NullMarked
package io.hyperferry.examples;

import org.jspecify.annotations.NullMarked;
