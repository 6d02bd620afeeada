/** How the testkit finds and starts its servers. Not API. */
@NullMarked
package io.hyperferry.testkit.internal;

import org.jspecify.annotations.NullMarked;
