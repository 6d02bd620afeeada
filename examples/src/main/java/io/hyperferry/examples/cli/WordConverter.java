package io.hyperferry.examples.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a constant by the word that the command line has for it: its name in lower case, with hyphens. */
abstract class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final List<E> values;

    WordConverter(E[] values) {
        this.values = List.copyOf(Arrays.asList(values));
    }

    @Override
    public E convert(String word) {
        return values.stream()
                .filter(it -> word(it).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is none of "
                        + String.join(
                                ", ", values.stream().map(WordConverter::word).toList())));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
