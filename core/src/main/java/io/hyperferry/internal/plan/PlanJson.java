package io.hyperferry.internal.plan;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.hyperferry.CatchUpReport;
import io.hyperferry.ExportReport;
import io.hyperferry.MigrationPlan;
import io.hyperferry.MigrationReport;
import io.hyperferry.RepairReport;
import io.hyperferry.Slice;
import io.hyperferry.Step;
import io.hyperferry.TableData;
import io.hyperferry.catalog.DatabaseCatalog;
import io.hyperferry.catalog.Dimension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** JSON of plans, and of everything else that consists of the same records. */
public final class PlanJson {
    /** Grows when a reader of the old form could no longer read the new one. */
    static final int VERSION = 6;

    /** Grows when what a reader of reports relies on is called otherwise, means something else or is gone. */
    static final int REPORT_VERSION = 1;

    /** Grows when a reader of the old form could no longer read the new one. */
    static final int CATALOG_VERSION = 2;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Public constructors and accessors of records in exported packages, and nothing by force.
            .disable(MapperFeature.CAN_OVERRIDE_ACCESS_MODIFIERS)
            .visibility(PropertyAccessor.FIELD, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addMixIn(Step.class, StepMixin.class)
            .addMixIn(Dimension.class, DimensionMixin.class)
            .addMixIn(Slice.class, SliceMixin.class)
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, new ToStringSerializer(Duration.class))
                    .addSerializer(Instant.class, new ToStringSerializer(Instant.class))
                    .addDeserializer(Duration.class, new TextReader<>(Duration.class, Duration::parse))
                    .addDeserializer(Instant.class, new TextReader<>(Instant.class, Instant::parse)))
            .build();

    private PlanJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "step")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Step.RestorePreData.class, name = "restore-pre-data"),
        @JsonSubTypes.Type(value = Step.CreateHypertable.class, name = "create-hypertable"),
        @JsonSubTypes.Type(value = Step.CreateChunks.class, name = "create-chunks"),
        @JsonSubTypes.Type(value = Step.RestoreIndexes.class, name = "restore-indexes"),
        @JsonSubTypes.Type(value = Step.CompressEmptyChunks.class, name = "compress-empty-chunks"),
        @JsonSubTypes.Type(value = Step.CreateAggregate.class, name = "create-aggregate"),
        @JsonSubTypes.Type(value = Step.RestoreDependents.class, name = "restore-dependents"),
        @JsonSubTypes.Type(value = Step.CopyData.class, name = "copy-data"),
        @JsonSubTypes.Type(value = Step.SetSequences.class, name = "set-sequences"),
        @JsonSubTypes.Type(value = Step.RestorePostData.class, name = "restore-post-data"),
        @JsonSubTypes.Type(value = Step.FinishAggregate.class, name = "finish-aggregate"),
        @JsonSubTypes.Type(value = Step.RefreshAggregate.class, name = "refresh-aggregate"),
        @JsonSubTypes.Type(value = Step.SetColumnstore.class, name = "set-columnstore"),
        @JsonSubTypes.Type(value = Step.CompressChunks.class, name = "compress-chunks"),
        @JsonSubTypes.Type(value = Step.FinishSchema.class, name = "finish-schema"),
        @JsonSubTypes.Type(value = Step.Analyze.class, name = "analyze"),
        @JsonSubTypes.Type(value = Step.SetDatabase.class, name = "set-database"),
        @JsonSubTypes.Type(value = Step.FreezeChunks.class, name = "freeze-chunks"),
        @JsonSubTypes.Type(value = Step.CreateJobs.class, name = "create-jobs"),
        @JsonSubTypes.Type(value = Step.ScheduleJobs.class, name = "schedule-jobs"),
        @JsonSubTypes.Type(value = Step.Verify.class, name = "verify")
    })
    private interface StepMixin {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Dimension.TimeDimension.class, name = "time"),
        @JsonSubTypes.Type(value = Dimension.HashDimension.class, name = "hash")
    })
    private interface DimensionMixin {}

    /** Most hypertables have one dimension. */
    @SuppressWarnings("UnusedMethod") // Jackson takes the annotation from it.
    private interface SliceMixin {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Slice.SpaceRange> space();
    }

    /** Reads what its type's {@code toString} wrote. */
    private static final class TextReader<T> extends FromStringDeserializer<T> {
        private static final long serialVersionUID = 1L;
        private final transient Function<String, T> parse;

        TextReader(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        protected T _deserialize(String value, DeserializationContext context) {
            return parse.apply(value);
        }
    }

    /** A plan as JSON. */
    public static String write(MigrationPlan plan) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("version", VERSION);
        document.set("plan", MAPPER.valueToTree(plan));
        return writeAny(document);
    }

    /** Any record as JSON, indented. */
    public static String writeAny(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("could not be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A report as JSON, with its verdict. */
    public static String write(MigrationReport report) {
        return writeAny(tree(report));
    }

    /** A report of a repair as JSON, with what it moved. */
    public static String write(RepairReport report) {
        ObjectNode document = tree(report.comparison());
        document.set("repairs", MAPPER.valueToTree(report.repairs()));
        return writeAny(document);
    }

    /** A report of a catch-up as JSON, with its verdict. */
    public static String write(CatchUpReport report) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("version", REPORT_VERSION);
        document.put("still", report.still());
        document.put("title", report.title());
        document.put("outcome", report.outcome().name());
        document.setAll((ObjectNode) MAPPER.valueToTree(report));
        return writeAny(document);
    }

    /** A report of an export as JSON. */
    public static String write(ExportReport report) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("version", REPORT_VERSION);
        document.put("title", "Exported");
        document.put("outcome", "EXPORTED");
        document.setAll((ObjectNode) MAPPER.valueToTree(report));
        return writeAny(document);
    }

    private static ObjectNode tree(MigrationReport report) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("version", REPORT_VERSION);
        document.put("identical", report.identical());
        document.put("title", report.title());
        document.put("outcome", report.outcome().name());
        ObjectNode body = MAPPER.valueToTree(report);
        for (int i = 0; i < report.tables().size(); i++) {
            ((ObjectNode) body.withArray("tables").get(i))
                    .put("identical", report.tables().get(i).identical());
        }
        document.setAll(body);
        return document;
    }

    /** A catalog as JSON. */
    public static String write(DatabaseCatalog catalog) {
        ObjectNode document = MAPPER.createObjectNode();
        document.put("version", CATALOG_VERSION);
        document.set("catalog", MAPPER.valueToTree(catalog));
        return writeAny(document);
    }

    /** A catalog from its JSON. */
    public static DatabaseCatalog readCatalog(String json) {
        return read(json, "catalog", CATALOG_VERSION, DatabaseCatalog.class);
    }

    /** A table of a plan from its JSON. */
    public static TableData readTable(String json) {
        try {
            return MAPPER.readValue(json, TableData.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a table of a plan: " + e.getOriginalMessage(), e);
        }
    }

    /** A record as a tree, to be looked at piece by piece. */
    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /**
     * The SHA-256 of what a plan executes, in hexadecimal digits: of its JSON without line breaks, with everything by name, and without the
     * problems.
     */
    public static String hash(MigrationPlan plan) {
        ObjectNode document = MAPPER.valueToTree(plan);
        document.remove("problems");
        document.put("version", VERSION);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(document.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A plan from its JSON. */
    public static MigrationPlan read(String json) {
        return read(json, "plan", VERSION, MigrationPlan.class);
    }

    private static <T> T read(String json, String what, int wanted, Class<T> type) {
        try {
            JsonNode document = MAPPER.readTree(json);
            int version = document.path("version").asInt(-1);
            if (version != wanted || !document.path(what).isObject()) {
                throw new IllegalArgumentException("not a " + what + " of version " + wanted + ": "
                        + (version < 0
                                ? "version missing"
                                : version == wanted ? what + " missing" : "version " + version));
            }
            return MAPPER.treeToValue(document.path(what), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a " + what + ": " + e.getOriginalMessage(), e);
        }
    }
}
