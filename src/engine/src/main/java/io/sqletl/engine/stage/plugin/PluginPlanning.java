package io.sqletl.engine.stage.plugin;

import com.typesafe.config.Config;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import java.util.function.Consumer;

/**
 * What a plugin of a job file is made with: where its keys stand, what the run allows, and where to
 * report.
 *
 * @param header the keys that every plugin has
 * @param block where the keys stand
 * @param variables what substitutions stand for
 * @param options what the run allows
 * @param problems takes what is wrong
 */
public record PluginPlanning(
    PluginHeader header,
    Block block,
    Config variables,
    JobOptions options,
    Consumer<Problem> problems) {

  /** Reports that a key's value is wrong. */
  public void invalid(String key, String message, String remedy) {
    problems.accept(
        new Problem(ErrorCode.INVALID_VALUE, block.valuePosition(key), message, remedy));
  }
}
