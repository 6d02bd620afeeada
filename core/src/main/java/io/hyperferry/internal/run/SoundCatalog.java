package io.hyperferry.internal.run;

import io.hyperferry.PlanOptions;
import io.hyperferry.PreflightException;
import io.hyperferry.Problem;
import io.hyperferry.internal.plan.Damages;
import java.sql.Connection;
import java.util.List;

/** Makes sure that the source's catalog is sound, before anything is read of what it names: damages can crash its server. */
final class SoundCatalog {
    private SoundCatalog() {}

    /**
     * Looks for damages of what is migrated.
     *
     * @return damages that keep nothing from being migrated
     * @throws PreflightException when others were found
     */
    static List<Problem> require(Connection source, PlanOptions options) {
        List<Problem> problems = Damages.problems(Planning.reader().damages(source), options);
        if (problems.stream().anyMatch(Problem::blocks)) {
            throw new PreflightException(problems);
        }
        return problems;
    }
}
