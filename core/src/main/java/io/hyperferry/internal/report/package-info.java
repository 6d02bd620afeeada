/** A report as a page for a browser, and the history that it draws. Not API. */
@NullMarked
package io.hyperferry.internal.report;

import org.jspecify.annotations.NullMarked;
