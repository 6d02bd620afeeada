package io.hyperferry.copy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperferry.copy.internal.BinaryRelay.Relayed;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BinaryRelayTest {

    private final BinaryRelay relay = new BinaryRelay();
    private final AtomicLong told = new AtomicLong();

    @Test
    void every_byte_crosses_in_order_whatever_the_sizes() throws SQLException {
        Random random = new Random(7);
        List<byte[]> rows = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 400; i++) {
            int size = i % 40 == 0 ? BinaryRelay.BATCH - 1 + random.nextInt(3) : random.nextInt(3_000);
            byte[] row = new byte[size];
            random.nextBytes(row);
            rows.add(row);
            all.writeBytes(row);
        }
        In in = new In(true, 400);

        Relayed relayed = relay.carry(new Out(rows, true), in, told::addAndGet);

        assertThat(in.bytes.toByteArray()).isEqualTo(all.toByteArray());
        assertThat(relayed).isEqualTo(new Relayed(400, all.size()));
        assertThat(told).hasValue(all.size());
    }

    @Test
    void small_rows_are_collected_to_batches() throws SQLException {
        In in = new In(true, 100_000);

        relay.carry(new Out(copies(100_000, new byte[10]), true), in, told::addAndGet);

        assertThat(in.writes).hasSizeLessThan(20).allMatch(size -> size <= BinaryRelay.BATCH);
    }

    @Test
    void a_large_row_is_written_in_batches_that_are_told_one_by_one() throws SQLException {
        In in = new In(true, 1);
        List<Long> each = new ArrayList<>();

        relay.carry(new Out(copies(1, new byte[2 * BinaryRelay.BATCH + 7]), true), in, each::add);

        assertThat(in.writes).containsExactly(BinaryRelay.BATCH, BinaryRelay.BATCH, 7);
        assertThat(each).containsExactly((long) BinaryRelay.BATCH, (long) BinaryRelay.BATCH, 7L);
    }

    @Test
    void a_relay_can_be_used_again_after_a_failure() throws SQLException {
        assertThatThrownBy(() -> relay.carry(new Out(copies(100_000, new byte[10]), true), new In(true, 0), bytes -> {
                    throw new CancellationException();
                }))
                .isInstanceOf(CancellationException.class);
        In in = new In(true, 1);

        relay.carry(new Out(copies(1, new byte[] {1, 2, 3}), true), in, told::addAndGet);

        assertThat(in.bytes.toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void a_row_that_the_target_did_not_take_is_an_error() {
        assertThatThrownBy(() -> relay.carry(new Out(copies(5, new byte[9]), true), new In(true, 4), told::addAndGet))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("the source sent 5 rows but the target took 4");
    }

    @Test
    void different_formats_are_refused_before_the_first_byte() {
        In in = new In(false, 1);

        assertThatThrownBy(() -> relay.carry(new Out(copies(1, new byte[9]), true), in, told::addAndGet))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("the source sends binary but the target expects text");
        assertThat(in.writes).isEmpty();
    }

    private static List<byte[]> copies(int count, byte[] row) {
        List<byte[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row);
        }
        return rows;
    }

    private static final class Out implements RowsOut {

        private final long count;
        private final Iterator<byte[]> rows;
        private final boolean binary;

        Out(List<byte[]> rows, boolean binary) {
            this.count = rows.size();
            this.rows = rows.iterator();
            this.binary = binary;
        }

        @Override
        public boolean binary() {
            return binary;
        }

        @Override
        public byte @Nullable [] next() {
            return rows.hasNext() ? rows.next() : null;
        }

        @Override
        public long rows() {
            return count;
        }
    }

    private static final class In implements RowsIn {

        private final boolean binary;
        private final long taken;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final List<Integer> writes = new ArrayList<>();

        In(boolean binary, long taken) {
            this.binary = binary;
            this.taken = taken;
        }

        @Override
        public boolean binary() {
            return binary;
        }

        @Override
        public void write(byte[] data, int from, int length) {
            bytes.write(data, from, length);
            writes.add(length);
        }

        @Override
        public long end() {
            return taken;
        }
    }
}
