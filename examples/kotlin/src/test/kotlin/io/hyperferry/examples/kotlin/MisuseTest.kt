package io.hyperferry.examples.kotlin

import org.assertj.core.api.Assertions.assertThat
import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path
import kotlin.io.path.writeText

/** What must not compile: null where the library takes none or may give one, and Kotlin's own `to` in place of the library's. */
class MisuseTest {
    private val code = """
        import io.hyperferry.*
        import io.hyperferry.MigrationEvent.Progress

        fun right1(migration: Migration) = migration.listener { println(it) }
        fun wrong1(migration: Migration) = migration.listener(null)

        fun right2(database: Database, password: String?) = password?.let(database::withPassword) ?: database
        fun wrong2(database: Database, password: String?) = database.withPassword(password)

        fun right3(progress: Progress): Long? = progress.remainingOrNull?.toMinutes()
        fun wrong3(progress: Progress): Long = progress.remainingOrNull.toMinutes()

        fun right4(source: Database, target: String): Migration = Migration.from(source).to(target)
        fun wrong4(source: Database, target: String): Migration = Migration.from(source) to target
        fun wrong5(source: Database, target: String?): Migration = Migration.from(source).to(target)
        fun wrong6(source: Database, target: Int): Migration = Migration.from(source).to(target)
    """.trimIndent()

    @Test
    fun `what is wrong does not compile, and what is right does`(@TempDir directory: Path) {
        val file = directory.resolve("Misuse.kt")
        file.writeText(code)
        val said = ByteArrayOutputStream()

        val exit = K2JVMCompiler().exec(
            PrintStream(said, true, Charsets.UTF_8),
            "-Xjspecify-annotations=strict",
            "-no-stdlib",
            "-classpath", System.getProperty("java.class.path"),
            "-d", directory.resolve("classes").toString(),
            file.toString(),
        )

        val errors = said.toString(Charsets.UTF_8).lines().filter { "error:" in it }
        val refused = errors.map { code.lines()[it.substringAfter("Misuse.kt:").substringBefore(':').toInt() - 1] }
        assertThat(exit).`as`("%s", said).isEqualTo(ExitCode.COMPILATION_ERROR)
        assertThat(refused).`as`("%s", said).containsExactlyElementsOf(code.lines().filter { it.startsWith("fun wrong") })
        assertThat(errors[0]).contains("null")
        assertThat(errors[1]).contains("'String?'")
        assertThat(errors[2]).contains("'Duration?'")
        assertThat(errors.drop(3)).hasSize(3).allMatch { "'Pair<" in it }
    }
}
