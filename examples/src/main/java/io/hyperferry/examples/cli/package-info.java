/** The {@code hyperferry} command line. */
@NullMarked
package io.hyperferry.examples.cli;

import org.jspecify.annotations.NullMarked;
