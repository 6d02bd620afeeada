package io.hyperferry.examples.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A duration as {@code 1d}, {@code 12h}, {@code 30m}, or as ISO 8601 has it: {@code PT6H}. */
final class SplitConverter implements ITypeConverter<Duration> {
    private static final Pattern SHORT = Pattern.compile("([+-]?\\d{1,18})([smhdw])");

    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    @Override
    public Duration convert(String value) {
        Duration duration = parse(value);
        if (duration.isZero() || duration.isNegative()) {
            throw new TypeConversionException("'" + value + "' is not longer than zero; write for example 1d or PT6H");
        }
        return duration;
    }

    private static Duration parse(String value) {
        try {
            Matcher parts = SHORT.matcher(value.toLowerCase(Locale.ROOT));
            return parts.matches()
                    ? UNITS.getOrDefault(parts.group(2), Duration.ZERO).multipliedBy(Long.parseLong(parts.group(1)))
                    : Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not a duration; write for example 30m, 12h, 1d, 1w or PT6H");
        } catch (ArithmeticException e) {
            throw new TypeConversionException("'" + value + "' is too long a duration");
        }
    }
}
