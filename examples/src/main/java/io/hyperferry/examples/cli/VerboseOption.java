package io.hyperferry.examples.cli;

import java.util.Arrays;
import picocli.CommandLine.Option;

/** How much is told about failures. */
final class VerboseOption {
    private static final String NAME = "--verbose";

    @Option(names = NAME, description = "Print what happens inside, and the stack of a failure.")
    boolean verbose;

    /** Sets up logging, which has to be done before the first logger is made; so this looks at the words by itself. */
    static boolean setUpLogging(String[] words) {
        boolean verbose = Arrays.asList(words).contains(NAME);
        setUnlessSet("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        setUnlessSet("org.slf4j.simpleLogger.showDateTime", "true");
        setUnlessSet("org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");
        if (verbose) {
            setUnlessSet("org.slf4j.simpleLogger.log.io.hyperferry", "debug");
        }
        if (!verbose) {
            // The commands print its events themselves.
            setUnlessSet("org.slf4j.simpleLogger.log.io.hyperferry.internal.run.LockWatch", "error");
        }
        // jOOQ greets with a logo and a tip of the day; both would be noise in a program of our own.
        setUnlessSet("org.jooq.no-logo", "true");
        setUnlessSet("org.jooq.no-tips", "true");
        return verbose;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
