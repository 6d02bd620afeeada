package io.hyperferry.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class or method only where tests have a superuser, which is so unless {@code hyperferry.test.role} says otherwise. For tests of
 * what nobody else can do; what only their set-up needs goes through {@link TestDatabase#superuser()}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@java.lang.annotation.Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(TimescaleExtension.class)
public @interface RequiresSuperuser {

    /** What of the test no other role can do. */
    String value();
}
