/** One class of queries for each family of catalog objects. Not API. */
@NullMarked
package io.hyperferry.catalog.internal;

import org.jspecify.annotations.NullMarked;
