/** The planner: pure functions from catalogs and options to a plan, and the plan's renderings. Not API. */
@NullMarked
package io.hyperferry.internal.plan;

import org.jspecify.annotations.NullMarked;
