package io.hyperferry.testkit.internal;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the test run, told by a system property or else by an environment variable. Blank is the same
 * as not set, because build tools pass empty values on.
 *
 * @param property the name of the system property
 * @param variable the name of the environment variable
 */
public record Setting(String property, String variable) {

    /** The setting whose variable has the property's name in capitals, with underscores for dots. */
    public static Setting of(String property) {
        return new Setting(property, property.toUpperCase(Locale.ROOT).replace('.', '_'));
    }

    /** The value now. */
    public Optional<String> value() {
        return value(System::getProperty, System::getenv);
    }

    Optional<String> value(NullableLookup properties, NullableLookup environment) {
        return told(properties.get(property)).or(() -> told(environment.get(variable)));
    }

    private static Optional<String> told(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    @Override
    public String toString() {
        return property;
    }

    /** A table of names and values. */
    @FunctionalInterface
    interface NullableLookup {
        @Nullable
        String get(String name);
    }
}
