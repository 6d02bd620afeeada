package io.hyperferry.examples.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The measurements of all rounds, and what becomes of them: medians, and ratios of medians. */
final class Results {
    private final Map<Way, List<Measurement>> measurements = new LinkedHashMap<>();

    /** Adds one. */
    void add(Measurement measurement) {
        measurements
                .computeIfAbsent(measurement.way(), way -> new ArrayList<>())
                .add(measurement);
    }

    /** The ways that were measured, in their order. */
    List<Way> ways() {
        return Arrays.stream(Way.values()).filter(measurements::containsKey).toList();
    }

    /** Whether all of these were measured. */
    boolean has(Way... ways) {
        return measurements.keySet().containsAll(List.of(ways));
    }

    /** How many times each way was measured. */
    int rounds() {
        return measurements.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** The measurements of a way, in the order of the rounds. */
    List<Measurement> of(Way way) {
        return List.copyOf(measurements.getOrDefault(way, List.of()));
    }

    /**
     * The median of a figure.
     *
     * @throws IllegalArgumentException when the way was not measured
     */
    double median(Way way, ToDoubleFunction<Measurement> figure) {
        return median(of(way).stream().mapToDouble(figure).toArray());
    }

    /** The median of a figure of one way, divided by that of another; empty when one of them was not measured, or is 0. */
    Optional<Double> ratio(Way dividend, Way divisor, ToDoubleFunction<Measurement> figure) {
        if (!has(dividend, divisor)) {
            return Optional.empty();
        }
        double below = median(divisor, figure);
        return below == 0 ? Optional.empty() : Optional.of(median(dividend, figure) / below);
    }

    /** The middle one of some figures, or the mean of the two in the middle. */
    static double median(double... figures) {
        if (figures.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
