package io.sqletl.engine.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * How many bytes of files stand behind what each stage reads, as far as that can be told without
 * Spark: a stage that reads a view reads the files that the view was made of, and one that merges
 * into a table reads that. Files that an earlier stage of the job writes count as what that stage
 * read.
 */
public final class InputSizes {

  private final Map<PlannedStage, OptionalLong> byStage = new HashMap<>();
  private final OptionalLong total;

  private InputSizes(OptionalLong total) {
    this.total = total;
  }

  /**
   * Follows a job from stage to stage.
   *
   * @param sizeOf the size of the files that a URI names; empty when it cannot be told
   */
  public static InputSizes of(PlannedJob job, Function<String, OptionalLong> sizeOf) {
    Map<String, Set<String>> filesOfView = new HashMap<>();
    Map<String, Set<String>> filesOfOutput = new HashMap<>();
    Map<PlannedStage, Set<String>> filesOfStage = new HashMap<>();
    Set<String> all = new HashSet<>();
    Map<String, OptionalLong> sizes = new HashMap<>();
    for (PlannedStage stage : job.stages()) {
      Set<String> files = new HashSet<>();
      for (StageIo read : stage.reads()) {
        if (read.kind() == StageIo.Kind.VIEW) {
          files.addAll(filesOfView.getOrDefault(lower(read.name()), Set.of()));
        } else if (read.kind() != StageIo.Kind.TEXT) {
          files.addAll(filesOfOutput.getOrDefault(read.name(), Set.of(read.name())));
        }
      }
      for (StageIo changed : StageIo.changes(stage)) {
        if (filesOfOutput.containsKey(changed.name())) {
          files.addAll(filesOfOutput.get(changed.name()));
        } else if (sizes.computeIfAbsent(changed.name(), sizeOf).isPresent()) {
          // What is not there yet has no size, and nothing that would be read
          files.add(changed.name());
        }
      }
      for (StageIo made : stage.makes()) {
        if (made.kind() == StageIo.Kind.VIEW) {
          filesOfView.put(lower(made.name()), files);
        } else {
          filesOfOutput.put(made.name(), files);
        }
      }
      filesOfStage.put(stage, files);
      all.addAll(files);
    }
    all.forEach(uri -> sizes.computeIfAbsent(uri, sizeOf));
    InputSizes result = new InputSizes(sum(List.copyOf(all), sizes));
    filesOfStage.forEach(
        (stage, files) -> result.byStage.put(stage, sum(List.copyOf(files), sizes)));
    return result;
  }

  /** Of all files that the job reads, each counted once; empty when one cannot be told. */
  public OptionalLong total() {
    return total;
  }

  /** Of the files behind what a stage reads; empty when one cannot be told. */
  public OptionalLong of(PlannedStage stage) {
    return Optional.ofNullable(byStage.get(stage)).orElse(OptionalLong.empty());
  }

  private static OptionalLong sum(List<String> uris, Map<String, OptionalLong> sizes) {
    long bytes = 0;
    for (String uri : uris) {
      OptionalLong size = sizes.get(uri);
      if (size.isEmpty()) {
        return OptionalLong.empty();
      }
      bytes += size.getAsLong();
    }
    return OptionalLong.of(bytes);
  }

  private static String lower(String view) {
    return view.toLowerCase(Locale.ROOT);
  }
}
