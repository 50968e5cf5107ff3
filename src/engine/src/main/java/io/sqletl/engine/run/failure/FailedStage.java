package io.sqletl.engine.run.failure;

import io.sqletl.engine.job.Block;
import java.util.Optional;

/**
 * The stage that ran when something failed.
 *
 * @param name as the job calls it
 * @param block where it stands
 * @param inputView the view that it reads
 * @param outputURI where it writes
 */
public record FailedStage(
    String name, Block block, Optional<String> inputView, Optional<String> outputURI) {}
