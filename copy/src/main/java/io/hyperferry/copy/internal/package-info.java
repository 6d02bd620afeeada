/** How copying works inside. Nothing here is API. */
@NullMarked
package io.hyperferry.copy.internal;

import org.jspecify.annotations.NullMarked;
