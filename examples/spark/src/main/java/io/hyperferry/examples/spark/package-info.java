/** Workers of a migration as tasks of an Apache Spark application. */
@NullMarked
package io.hyperferry.examples.spark;

import org.jspecify.annotations.NullMarked;
