/** The schema through pg_dump and pg_restore. Not API. */
@NullMarked
package io.hyperferry.internal.schema;

import org.jspecify.annotations.NullMarked;
