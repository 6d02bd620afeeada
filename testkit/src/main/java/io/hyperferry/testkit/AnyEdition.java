package io.hyperferry.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Tag;

/**
 * Says of a test class or method that what it shows does not depend on TimescaleDB's edition: that a cancelled
 * copy ends, for example. It is tagged {@code any-edition}, so that whoever has run it on one edition can leave it
 * out on the other ({@code -DexcludedGroups=any-edition}).
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.TYPE, ElementType.METHOD})
@Tag("any-edition")
public @interface AnyEdition {}
