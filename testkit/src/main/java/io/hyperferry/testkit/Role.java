package io.hyperferry.testkit;

import io.hyperferry.testkit.internal.Setting;
import java.util.Locale;

/** The two sides of a migration. */
enum Role {
    SOURCE,
    TARGET;

    /** Where a server that runs already is told: a URL. */
    Setting url() {
        return Setting.of("hyperferry.test." + this + ".url");
    }

    /** Where this role's own Docker image is told; otherwise it is the common one. */
    Setting image() {
        return Setting.of("hyperferry.test." + this + ".image");
    }

    /** Where the version of the extension is told; otherwise it is the server's default. */
    Setting timescaleVersion() {
        return Setting.of("hyperferry.test." + this + ".timescaledb");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
