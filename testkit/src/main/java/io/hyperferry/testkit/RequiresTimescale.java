package io.hyperferry.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class or method only where the extension's version is in a range, in the source and in the
 * target. Elsewhere the test is skipped, and the reason names the version that is there.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(TimescaleExtension.class)
public @interface RequiresTimescale {

    /**
     * The range: {@code "2.22+"} (2.22.0 and everything newer), {@code "<2.22"} (everything older than 2.22.0)
     * or {@code "2.19"} (every release of that minor version). Anything else makes the test fail.
     */
    String value();
}
