/** The ledger in the target: what is done, committed together with what it speaks of. Not API. */
@NullMarked
package io.hyperferry.internal.ledger;

import org.jspecify.annotations.NullMarked;
