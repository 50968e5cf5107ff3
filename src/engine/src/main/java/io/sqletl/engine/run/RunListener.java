package io.sqletl.engine.run;

/** Is told what happens in a run, one event at a time. */
@FunctionalInterface
public interface RunListener {

  void on(RunEvent event);
}
