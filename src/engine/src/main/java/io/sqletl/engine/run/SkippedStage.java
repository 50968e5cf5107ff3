package io.sqletl.engine.run;

import io.sqletl.engine.job.Block;
import java.util.List;

/**
 * A stage that does not run in this environment.
 *
 * @param name its name; its type when it has none
 */
public record SkippedStage(Block block, String type, String name, List<String> environments) {}
