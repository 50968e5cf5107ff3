/** Stages that do something beside the data: write to the log, run statements elsewhere. */
package io.sqletl.engine.stage.execute;
