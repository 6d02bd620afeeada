package io.hyperferry.testkit;

import io.hyperferry.testkit.internal.VersionRange;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * JUnit 5 extension that gives a test class a source and a target database:
 *
 * <pre>{@code
 * @ExtendWith(TimescaleExtension.class)
 * class CopyIT {
 *     @Test
 *     void rows_arrive(@Source TestDatabase source, @Target TestDatabase target) { }
 * }
 * }</pre>
 *
 * <p>Parameters work in constructors, in tests and in the methods before and after them. A test class, together with
 * its nested classes, has one fresh database per role, created when a parameter first asks for it and dropped after
 * the class. The servers are started when they are first needed and live until the JVM ends.
 *
 * <p>System properties, or environment variables of the same name in capitals with underscores, say what to use:
 *
 * <ul>
 *   <li>{@code hyperferry.test.image} (variable {@code TIMESCALEDB_IMAGE}): the Docker image. Otherwise the
 *       project's {@code dev/timescaledb} names one.
 *   <li>{@code hyperferry.test.source.image} and {@code hyperferry.test.target.image}: the Docker image of one role,
 *       where it is not the common one. The role's tools are those of this image.
 *   <li>{@code hyperferry.test.source.timescaledb} and {@code hyperferry.test.target.timescaledb}: the version of
 *       the extension. Otherwise the server's default.
 *   <li>{@code hyperferry.test.source.url} and {@code hyperferry.test.target.url}: a server that runs already, as
 *       {@code postgres://user:password@host:port/database}, instead of a container. The user has to be able to
 *       create databases and the extension.
 *   <li>{@code hyperferry.test.role}: {@code owner} has databases that belong to a role without any rights on the server, as managed
 *       services give them, and tests connect as it; with the extension in them already. Otherwise it is a superuser.
 *   <li>{@code hyperferry.test.pgTools}: the command before {@code pg_dump} for servers given by URL, see
 *       {@link TimescaleServer#toolPrefix()}.
 * </ul>
 *
 * <p>Classes that run in parallel do not disturb each other.
 */
public final class TimescaleExtension implements ExecutionCondition, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(TimescaleExtension.class);
    private static final int CLASS_NAME_PART = 20;

    /** For JUnit. */
    public TimescaleExtension() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (AnnotationSupport.isAnnotated(context.getElement(), RequiresCommunity.class)) {
            for (Role role : Role.values()) {
                if (!Servers.of(role).community()) {
                    return ConditionEvaluationResult.disabled(
                            "the " + role + " is not the Community edition: " + Servers.of(role));
                }
            }
        }
        Optional<RequiresSuperuser> superuser =
                AnnotationSupport.findAnnotation(context.getElement(), RequiresSuperuser.class);
        if (superuser.isPresent() && TimescaleServer.testsAsOwner()) {
            return ConditionEvaluationResult.disabled("tests run without the rights of a superuser: "
                    + superuser.get().value());
        }
        Optional<VersionRange> range = AnnotationSupport.findAnnotation(context.getElement(), RequiresTimescale.class)
                .map(RequiresTimescale::value)
                .map(VersionRange::parse);
        if (range.isPresent()) {
            for (Role role : Role.values()) {
                if (!range.get().contains(Servers.of(role).timescaleVersion())) {
                    return ConditionEvaluationResult.disabled(
                            "the " + role + " is not TimescaleDB " + range.get() + ": " + Servers.of(role));
                }
            }
        }
        return ConditionEvaluationResult.enabled("the servers have what the test requires");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class
                && (parameter.isAnnotated(Source.class) || parameter.isAnnotated(Target.class));
    }

    @Override
    public TestDatabase resolveParameter(ParameterContext parameter, ExtensionContext context) {
        boolean source = parameter.isAnnotated(Source.class);
        if (source && parameter.isAnnotated(Target.class)) {
            throw new ParameterResolutionException("one database cannot be @Source and @Target: " + parameter);
        }
        ExtensionContext testClass = outermostClass(context);
        return testClass
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        source ? Role.SOURCE : Role.TARGET, role -> Lease.of(role, testClass), Lease.class)
                .database();
    }

    private static ExtensionContext outermostClass(ExtensionContext context) {
        ExtensionContext outermost = context;
        Optional<ExtensionContext> parent = outermost.getParent();
        while (parent.isPresent() && parent.get().getTestClass().isPresent()) {
            outermost = parent.get();
            parent = outermost.getParent();
        }
        return outermost;
    }

    /** A database in JUnit's store, which closes it when the test class has ended. */
    private record Lease(TestDatabase database) implements AutoCloseable {

        static Lease of(Role role, ExtensionContext testClass) {
            String className = testClass.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
            String part = className.substring(0, Math.min(className.length(), CLASS_NAME_PART));
            String name = "hf_" + role + "_" + part + "_" + TimescaleServer.uniqueSuffix();
            return new Lease(TestDatabase.create(Servers.of(role), name));
        }

        @Override
        public void close() {
            database.drop();
        }
    }
}
