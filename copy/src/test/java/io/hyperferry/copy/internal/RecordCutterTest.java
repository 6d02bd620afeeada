package io.hyperferry.copy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.copy.internal.RecordCutter.BrokenCsv;
import io.hyperferry.copy.internal.RecordCutter.LineEnd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where records end; that the server sees it the same way is what the integration tests compare. */
class RecordCutterTest {

    @Test
    void quotes_keep_line_ends_in_a_record() throws BrokenCsv {
        assertThat(cut("a,\"b\nc\"\nd\n", cutter('"', '"'))).containsExactly("a,\"b\nc\"\n", "d\n");
        assertThat(cut("a\"b\nc\"d\ne", cutter('"', '"'))).containsExactly("a\"b\nc\"d\n", "e");
    }

    @Test
    void a_doubled_quote_is_a_value_of_a_quote() throws BrokenCsv {
        assertThat(cut("\"a\"\"\n\"\"b\"\nc\n", cutter('"', '"'))).containsExactly("\"a\"\"\n\"\"b\"\n", "c\n");
    }

    @Test
    void an_escape_counts_only_inside_of_quotes_and_not_after_another() throws BrokenCsv {
        assertThat(cut("\"a\\\"\nb\"\nc\n", cutter('"', '\\'))).containsExactly("\"a\\\"\nb\"\n", "c\n");
        assertThat(cut("\"a\\\\\"\nb\n", cutter('"', '\\'))).containsExactly("\"a\\\\\"\n", "b\n");
        assertThat(cut("a\\\"\nb\"\nc\n", cutter('"', '\\'))).containsExactly("a\\\"\nb\"\n", "c\n");
    }

    @Test
    void all_three_line_ends_are_known_by_the_first() throws BrokenCsv {
        assertThat(cut("a\r\nb\r\n", cutter('"', '"'))).containsExactly("a\r\n", "b\r\n");
        assertThat(cut("a\rb\rc", cutter('"', '"'))).containsExactly("a\r", "b\r", "c");
    }

    @Test
    void another_line_end_is_refused_as_the_server_does() {
        assertThatThrownBy(() -> cut("a\nb\r\n", cutter('"', '"'))).isInstanceOf(BrokenCsv.class);
        assertThatThrownBy(() -> cut("a\r\nb\n", cutter('"', '"'))).isInstanceOf(BrokenCsv.class);
        assertThatThrownBy(() -> cut("a\r\nb\rc", cutter('"', '"'))).isInstanceOf(BrokenCsv.class);
        assertThatThrownBy(() -> cut("a\rb\n", cutter('"', '"'))).isInstanceOf(BrokenCsv.class);
    }

    @Test
    void the_end_mark_ends_the_data_only_alone_in_its_line() throws BrokenCsv {
        assertThat(cut("a\n\\.\nb\n", cutter('"', '"'))).containsExactly("a\n", "END");
        assertThat(cut("a\r\n\\.\r\nb\r\n", cutter('"', '"'))).containsExactly("a\r\n", "END");
        assertThat(cut("\\.b\n\"x\n\\.\n\"\n\\.", cutter('"', '"'))).containsExactly("\\.b\n", "\"x\n\\.\n\"\n", "\\.");
    }

    @Test
    void a_byte_inside_of_a_character_is_no_sign() throws BrokenCsv {
        byte[] quotedByBackslash = {'\\', (byte) 0x83, '\\', '\n', '\\', '\n', 'b', '\n'};
        RecordCutter cutter = new RecordCutter('\\', '\\', "SJIS", false, LineEnd.UNKNOWN, 1);

        assertThat(cutter.cut(quotedByBackslash, 0, quotedByBackslash.length, true))
                .isEqualTo(6);
    }

    @Test
    void lines_are_counted_through_values() throws BrokenCsv {
        byte[] csv = "a\n\"b\n\n\"\nc\n".getBytes(StandardCharsets.US_ASCII);
        RecordCutter cutter = cutter('"', '"');
        int second = cutter.cut(csv, 0, csv.length, true);
        assertThat(cutter.line()).isEqualTo(2);

        cutter.cut(csv, second, csv.length, true);

        assertThat(cutter.line()).isEqualTo(5);
    }

    @Test
    void it_does_not_matter_in_which_pieces_bytes_come() throws BrokenCsv {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String signs = "\"\\\n\r.a,";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder csv = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                csv.append(signs.charAt(random.nextInt(signs.length())));
            }
            char escape = random.nextBoolean() ? '"' : '\\';
            assertThat(outcome(csv.toString(), escape, random))
                    .as("seed %s, %s", seed, csv)
                    .isEqualTo(outcome(csv.toString(), escape, null));
        }
    }

    private static List<String> outcome(String csv, char escape, @Nullable Random pieces) {
        byte[] all = csv.getBytes(StandardCharsets.ISO_8859_1);
        List<String> records = new ArrayList<>();
        RecordCutter cutter = cutter('"', escape);
        int at = 0;
        int limit = pieces == null ? all.length : 0;
        try {
            while (true) {
                int end = cutter.cut(all, at, limit, limit == all.length);
                if (end >= 0) {
                    records.add(new String(all, at, end - at, StandardCharsets.ISO_8859_1));
                    at = end;
                } else if (end == RecordCutter.END_MARK || limit == all.length || pieces == null) {
                    records.add("end " + end + " at line " + cutter.line());
                    return records;
                } else {
                    limit = Math.min(all.length, limit + 1 + pieces.nextInt(3));
                }
            }
        } catch (BrokenCsv e) {
            records.add("broken");
            return records;
        }
    }

    private static List<String> cut(String csv, RecordCutter cutter) throws BrokenCsv {
        byte[] all = csv.getBytes(StandardCharsets.ISO_8859_1);
        List<String> records = new ArrayList<>();
        int at = 0;
        while (at < all.length) {
            int end = cutter.cut(all, at, all.length, true);
            if (end == RecordCutter.END_MARK) {
                records.add("END");
                return records;
            }
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            record.write(all, at, end - at);
            records.add(record.toString(StandardCharsets.ISO_8859_1));
            at = end;
        }
        return records;
    }

    private static RecordCutter cutter(char quote, char escape) {
        return new RecordCutter(quote, escape, "UTF8", true, LineEnd.UNKNOWN, 1);
    }
}
