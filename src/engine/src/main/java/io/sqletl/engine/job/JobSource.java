package io.sqletl.engine.job;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job as it stands in its file, before variables are put in.
 *
 * @param uri what the user called the file
 * @param text the file's text, and after it that of files that it includes
 * @param blocks its stages in order, those of other environments included
 * @param configurationPlugins its dynamic configuration plugins, in order
 * @param lifecyclePlugins its lifecycle plugins, in order
 * @param keys the file's own top-level keys, a source of substitutions; empty for a notebook
 * @param defaults variables of {@code %env} cells
 * @param settings what {@code %conf} cells say
 * @param warnings what is odd and yet runs
 */
public record JobSource(
    String uri,
    String text,
    List<Block> blocks,
    List<Block> configurationPlugins,
    List<Block> lifecyclePlugins,
    Config keys,
    Map<String, String> defaults,
    Map<String, String> settings,
    List<Problem> warnings) {

  public JobSource {
    blocks = List.copyOf(blocks);
    configurationPlugins = List.copyOf(configurationPlugins);
    lifecyclePlugins = List.copyOf(lifecyclePlugins);
    defaults = Map.copyOf(defaults);
    settings = Map.copyOf(settings);
    warnings = List.copyOf(warnings);
  }

  /**
   * The stage in whose text a place lies; empty for other files, and before the first stage.
   *
   * @param position may be null
   */
  public Optional<Block> blockAt(Position position) {
    if (position == null) {
      return Optional.empty();
    }
    return blocks.stream()
        .filter(block -> block.source().equals(position.source()))
        .filter(block -> block.line() <= position.line())
        .reduce((first, second) -> second);
  }
}
