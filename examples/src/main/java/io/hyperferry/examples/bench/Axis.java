package io.hyperferry.examples.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where figures stand on a line.
 *
 * @param low the figure at its beginning
 * @param high the figure at its end
 * @param begin the pixel of its beginning
 * @param end the pixel of its end
 * @param logarithmic whether equal factors are equally far apart, not equal differences
 */
record Axis(double low, double high, double begin, double end, boolean logarithmic) {
    private static final int MOST_TICKS = 7;

    /** An axis from 0 to a bit more than a figure. */
    static Axis linear(double greatest, double begin, double end) {
        double step = step(greatest > 0 ? greatest : 1);
        return new Axis(0, step * Math.ceil((greatest > 0 ? greatest : 1) / step), begin, end, false);
    }

    /** An axis whose ends are powers of ten around these figures, which are all positive. */
    static Axis logarithmic(DoubleStream figures, double begin, double end) {
        var range = figures.summaryStatistics();
        double low = Math.pow(10, Math.floor(Math.log10(range.getMin())));
        double high = Math.pow(10, Math.ceil(Math.log10(range.getMax())));
        return new Axis(low, low == high ? 10 * low : high, begin, end, true);
    }

    /** The pixel of a figure. */
    double at(double figure) {
        double share = logarithmic ? Math.log(figure / low) / Math.log(high / low) : (figure - low) / (high - low);
        return begin + share * (end - begin);
    }

    /** The figures to be written beside it. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = low; tick <= high * 1.000001; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            double step = step(high);
            for (int i = 0; i * step <= high * 1.000001; i++) {
                ticks.add(i * step);
            }
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten, so that there are not too many ticks. */
    private static double step(double greatest) {
        double step = Math.pow(10, Math.floor(Math.log10(greatest / MOST_TICKS)));
        for (double factor : new double[] {1, 2, 5}) {
            if (greatest / (step * factor) <= MOST_TICKS) {
                return step * factor;
            }
        }
        return step * 10;
    }

    /** A tick as short as it can be. */
    static String label(double tick) {
        if (tick >= 1_000_000) {
            return label(tick / 1_000_000) + " M";
        }
        return tick >= 1000 && tick % 1000 == 0
                ? label(tick / 1000) + " k"
                : BigDecimal.valueOf(tick)
                        .round(new MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
