package io.hyperferry.examples.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment as ISO 8601 has it, with its offset, or a date for its midnight in UTC. */
final class MomentConverter implements ITypeConverter<Instant> {
    private static final int DATE_LENGTH = 10;

    @Override
    public Instant convert(String value) {
        try {
            return value.length() == DATE_LENGTH
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + value
                            + "' is not a moment; write for example 2026-01-01, 2026-01-01T12:00:00Z or 2026-01-01T12:00:00+02:00");
        }
    }
}
