package io.hyperferry.catalog.internal;

import static io.hyperferry.catalog.internal.Queries.number;

import io.hyperferry.catalog.DatabaseObject;
import io.hyperferry.catalog.StorageRelation;
import java.util.List;

/** Everything that a user's database holds, with what is said of it. */
public final class ObjectQueries {
    private ObjectQueries() {}

    /**
     * Reads all objects.
     *
     * @param storage relations that stand in a user's schema and are chunks, not objects
     * @param timescale whether the database has TimescaleDB
     */
    public static List<DatabaseObject> objects(
            Queries queries, List<StorageRelation> storage, boolean timescale, Roles roles) {
        ObjectCollector objects = new ObjectCollector(queries, storage, roles);
        DatabaseObjectQueries.read(objects);
        RelationObjectQueries.read(objects, timescale);
        TableObjectQueries.read(objects);
        TypeQueries.read(objects);
        FunctionQueries.read(objects);
        TextSearchQueries.read(objects);
        // Comments and privileges come last: they are facts of what was found.
        CommentQueries.read(objects);
        PrivilegeQueries.read(objects);
        return objects.objects();
    }

    public static long largeObjects(Queries queries) {
        return queries.list("SELECT count(*) AS n FROM pg_largeobject_metadata", row -> number(row, "n"))
                .get(0);
    }
}
