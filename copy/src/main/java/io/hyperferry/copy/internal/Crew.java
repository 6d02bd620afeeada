package io.hyperferry.copy.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The workers that a run has at this moment, and how many it wants. Thread-safe. */
final class Crew {

    private enum State {
        JOINING,
        WORKING,
        LEAVING
    }

    private final Map<Worker, State> members = new LinkedHashMap<>();
    private int wanted;
    private int hired;
    private boolean closed;

    static int checked(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1: " + workers);
        }
        return workers;
    }

    /**
     * Says how many are wanted from now on.
     *
     * @param hire makes the worker of a number, from 1
     * @return those that came in addition, to be started; none once the crew is closed
     */
    synchronized List<Worker> resize(int workers, IntFunction<Worker> hire) {
        wanted = checked(workers);
        List<Worker> more = new ArrayList<>();
        while (!closed && members.size() - count(State.LEAVING) < wanted) {
            hired++;
            Worker worker = hire.apply(hired);
            members.put(worker, State.JOINING);
            more.add(worker);
        }
        return more;
    }

    /** Hears that a worker has its connections. */
    synchronized void joined(Worker worker) {
        members.put(worker, State.WORKING);
    }

    /**
     * Whether this worker is one too many and has to go. Those that still connect do not count: whoever they were to
     * replace would be missed if they fail.
     */
    synchronized boolean lets(Worker worker) {
        boolean surplus = count(State.WORKING) > wanted;
        if (surplus) {
            members.put(worker, State.LEAVING);
        }
        return surplus;
    }

    /**
     * Hears that a worker has ended.
     *
     * @return whether it was the last one; no other will come
     */
    synchronized boolean ended(Worker worker) {
        members.remove(worker);
        closed |= members.isEmpty();
        return members.isEmpty();
    }

    /**
     * Takes no worker any more.
     *
     * @return those that are there
     */
    synchronized List<Worker> close() {
        closed = true;
        return List.copyOf(members.keySet());
    }

    private int count(State state) {
        return (int) members.values().stream().filter(it -> it == state).count();
    }
}
