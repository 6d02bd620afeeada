package io.hyperferry.catalog;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sequence and where it stands, identity columns' sequences included.
 *
 * @param name the sequence's name
 * @param lastValue the value it stands at
 * @param called whether that value was handed out, so that the next one is beyond it
 * @param ownedBy the table whose column owns it, or null
 * @param readable whether the reading role may see where the sequence stands; else {@code lastValue} is its first value
 */
public record Sequence(
        QualifiedName name,
        long lastValue,
        boolean called,
        @Nullable QualifiedName ownedBy,
        boolean readable) {
    public Sequence {
        Objects.requireNonNull(name, "name");
    }

    /** A sequence whose value the reading role may see. */
    public Sequence(QualifiedName name, long lastValue, boolean called, @Nullable QualifiedName ownedBy) {
        this(name, lastValue, called, ownedBy, true);
    }
}
