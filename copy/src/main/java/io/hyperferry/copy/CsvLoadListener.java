package io.hyperferry.copy;

/** Hears how a load goes. What holds for {@link CopyListener} holds here. */
@FunctionalInterface
public interface CsvLoadListener {

    /** Hears one event. */
    void onEvent(CsvLoadEvent event);
}
