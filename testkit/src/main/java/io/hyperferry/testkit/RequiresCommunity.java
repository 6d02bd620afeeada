package io.hyperferry.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class or method only where source and target are both TimescaleDB's
 * <a href="https://docs.timescale.com/about/latest/timescaledb-editions/">Community edition</a>, which has the
 * columnstore, continuous aggregates and policies. Elsewhere the test is skipped, and the reason says which
 * server lacks them. The test is also tagged {@code community}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.TYPE, ElementType.METHOD})
@Tag("community")
@ExtendWith(TimescaleExtension.class)
public @interface RequiresCommunity {}
