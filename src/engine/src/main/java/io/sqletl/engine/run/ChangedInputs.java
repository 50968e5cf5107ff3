package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.DataLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Follows what the stages of a job read and write, and finds those that change what others read. A
 * view is computed when it is used, so one whose data was changed in between has other rows, or
 * none.
 */
final class ChangedInputs {

  private static final String DELTA = "delta";

  /** The extracts that can stay at the version of the table that they find. */
  private static final Set<String> PINNED = Set.of("DeltaLakeExtract", "DeltaLakeHistoryExtract");

  private static final Set<String> PINS = Set.of("versionAsOf", "timestampAsOf", "relativeVersion");

  private final Consumer<Problem> problems;
  private final Consumer<Problem> warnings;
  private final Map<String, Set<Source>> behind = new HashMap<>();
  private final List<Source> sources = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private final Set<String> changedByName = new LinkedHashSet<>();
  private final Set<PlannedStage> pinned = new LinkedHashSet<>();
  private final Set<String> told = new LinkedHashSet<>();

  /** Data that a stage reads; the view is the one that it makes of it, or empty. */
  private record Source(
      PlannedStage stage, int number, DataLocation at, String uri, String format, String view) {

    boolean isPattern() {
      return uri.matches(".*[*?\\[{].*");
    }
  }

  /** Data that a stage writes; the view is the one by which SQL names it, or empty. */
  private record Write(
      PlannedStage stage,
      int number,
      DataLocation at,
      String uri,
      String format,
      boolean replaces,
      String view) {}

  private ChangedInputs(Consumer<Problem> problems, Consumer<Problem> warnings) {
    this.problems = problems;
    this.warnings = warnings;
  }

  /** Checks the stages, and gives those that run: some read a version that stays as it is. */
  static List<PlannedStage> check(
      List<PlannedStage> stages, Consumer<Problem> problems, Consumer<Problem> warnings) {
    ChangedInputs check = new ChangedInputs(problems, warnings);
    stages.forEach(stage -> stage.views().changes().forEach(v -> check.changedByName.add(low(v))));
    for (int i = 0; i < stages.size(); i++) {
      check.follow(stages.get(i), i);
    }
    return stages.stream().map(stage -> check.pinned.contains(stage) ? pin(stage) : stage).toList();
  }

  /**
   * Takes views as used when all stages are over, as those are that are printed then.
   *
   * @return the stages that run: some read a version that stays as it is
   */
  static List<PlannedStage> checkShown(
      List<PlannedStage> stages, List<String> views, Consumer<Problem> warnings) {
    ChangedInputs check = new ChangedInputs(problem -> {}, warning -> {});
    stages.forEach(stage -> stage.views().changes().forEach(v -> check.changedByName.add(low(v))));
    for (int i = 0; i < stages.size(); i++) {
      check.follow(stages.get(i), i);
    }
    ChangedInputs end = new ChangedInputs(warnings, warnings);
    end.writes.addAll(check.writes);
    end.changedByName.addAll(check.changedByName);
    for (String view : views) {
      check.behind.getOrDefault(low(view), Set.of()).stream()
          // What stays as it is for a stage was told for that
          .filter(source -> !check.pinned.contains(source.stage()))
          .forEach(source -> end.checkUse(User.atTheEnd(source.stage()), view, source));
    }
    return stages.stream().map(stage -> end.pinned.contains(stage) ? pin(stage) : stage).toList();
  }

  /** Who uses a view, for messages, and where it stands. */
  private record User(String name, PlannedStage at) {

    static User of(PlannedStage stage) {
      return new User(stage.describe(), stage);
    }

    static User atTheEnd(PlannedStage maker) {
      return new User("--show, when all stages are over,", maker);
    }
  }

  private static PlannedStage pin(PlannedStage stage) {
    return stage.withStage(
        context -> {
          context.keepVersion();
          return stage.stage().run(context);
        });
  }

  private void follow(PlannedStage stage, int number) {
    Set<Source> used = new LinkedHashSet<>();
    List<Source> own = new ArrayList<>();
    String view =
        stage.makes().stream()
            .filter(made -> made.kind() == StageIo.Kind.VIEW)
            .map(StageIo::name)
            .findFirst()
            .orElse("");
    for (StageIo read : stage.reads()) {
      if (read.kind() == StageIo.Kind.VIEW) {
        boolean isTarget = stage.views().changes().stream().anyMatch(read.name()::equalsIgnoreCase);
        Set<Source> through = behind.getOrDefault(low(read.name()), Set.of());
        if (!isTarget) {
          through.forEach(source -> checkUse(User.of(stage), read.name(), source));
        }
        used.addAll(through);
      } else if (isPlace(read)) {
        DataLocation at = DataLocation.of(read.name());
        own.add(new Source(stage, number, at, read.name(), read.format(), view));
      }
    }
    own.forEach(this::checkRead);
    sources.addAll(own);
    used.addAll(own);
    for (Write write : writesOf(stage, number)) {
      checkInputs(write);
      checkOtherWrites(write);
      writes.add(write);
    }
    for (StageIo made : stage.makes()) {
      if (made.kind() == StageIo.Kind.VIEW) {
        // What a statement that changes rows gives is counted as it runs
        behind.put(low(made.name()), changesRows(stage) ? Set.of() : used);
      }
    }
  }

  private static boolean changesRows(PlannedStage stage) {
    return !stage.views().changes().isEmpty() || !stage.views().changesData().isEmpty();
  }

  private static boolean isPlace(StageIo read) {
    return (read.kind() == StageIo.Kind.DATASET || read.kind() == StageIo.Kind.TEXT)
        && !read.name().startsWith("lazy:")
        && !read.name().matches("https?:.*");
  }

  private List<Write> writesOf(PlannedStage stage, int number) {
    List<Write> found = new ArrayList<>();
    for (StageIo made : stage.makes()) {
      if (made.kind() == StageIo.Kind.DATASET) {
        found.add(
            new Write(
                stage,
                number,
                DataLocation.of(made.name()),
                made.name(),
                made.format(),
                replaces(stage),
                ""));
      }
    }
    for (String view : stage.views().changes()) {
      for (Source source : behind.getOrDefault(low(view), Set.of())) {
        if (source.view().equalsIgnoreCase(view)) {
          found.add(
              new Write(
                  stage, number, source.at(), source.uri(), source.format(), false, low(view)));
        }
      }
    }
    return found;
  }

  /** Whether a load replaces all that is there. */
  private static boolean replaces(PlannedStage stage) {
    Map<String, Object> keys = stage.keys();
    boolean partial =
        keys.containsKey("replaceWhere")
            || keys.get("options") instanceof Map<?, ?> options
                && options.keySet().stream()
                    .map(name -> low(name.toString()))
                    .anyMatch(
                        name ->
                            name.equals("replacewhere") || name.equals("partitionoverwritemode"));
    return "Overwrite".equalsIgnoreCase(String.valueOf(keys.get("saveMode"))) && !partial;
  }

  private static boolean isAllowed(PlannedStage stage) {
    return Boolean.TRUE.equals(stage.keys().get("replaceAll"));
  }

  private static boolean isSingleFile(PlannedStage stage) {
    return Boolean.TRUE.equals(stage.keys().get("singleFile"));
  }

  /** A view is used after what it reads was changed. */
  private void checkUse(User user, String view, Source source) {
    for (Write write : writes) {
      boolean changed = write.number() > source.number() && write.at().overlaps(source.at());
      boolean follows = source.view().equalsIgnoreCase(view) && write.view().equals(low(view));
      if (!changed || follows) {
        continue;
      }
      String what =
          user.name()
              + " uses the view \""
              + view
              + "\", which reads "
              + source.uri()
              + ", after "
              + write.stage().describe()
              + " changed that";
      if (source.format().equals(DELTA)) {
        useOfTable(user, what, source);
      } else if (write.replaces()) {
        problem(
            user.at(),
            what + ": the files that the view reads are gone by then",
            "write to another folder, or use the view before");
      }
    }
  }

  private void useOfTable(User user, String what, Source source) {
    boolean isPinned =
        source.stage().keys().get("options") instanceof Map<?, ?> options
            && options.keySet().stream().anyMatch(PINS::contains);
    if (isPinned) {
      return;
    }
    boolean canBePinned =
        PINNED.contains(source.stage().ownType())
            && !source.stage().type().equals(LazyPlanner.TYPE)
            && !changedByName.contains(low(source.view()));
    if (canBePinned) {
      pinned.add(source.stage());
      warning(
          source.stage(),
          what
              + "; \""
              + source.view()
              + "\" stays at the version of the table that it finds, so that rows are not computed"
              + " anew of what was written",
          "to see what was written, read the table with another "
              + source.stage().ownType()
              + " after it");
    } else {
      warning(
          user.at(),
          what + ": the view is computed anew of what was written",
          "compute it of a view of its own that stays as it is: a DeltaLakeExtract with"
              + " \"options\": {\"relativeVersion\": 0}");
    }
  }

  /** Data that an earlier load took away by replacing a folder above it. */
  private void checkRead(Source source) {
    for (Write write : writes) {
      boolean above = write.at().holds(source.at()) && !source.at().holds(write.at());
      if (above
          && write.replaces()
          && !write.format().equals(DELTA)
          && !isSingleFile(write.stage())
          && !isAllowed(write.stage())
          && !write.at().firstBelow(source.at()).contains("=")
          && source.at().parts().size() > write.at().parts().size() + fileLevel(source)) {
        problem(
            write.stage(),
            write.stage().describe()
                + " replaces all of "
                + write.uri()
                + ", and with it "
                + source.uri()
                + ", which "
                + source.stage().describe()
                + " reads",
            "write to another folder, or set \"replaceAll\" to true");
      }
    }
  }

  /** A file or a pattern of files lies in the folder that is meant. */
  private static int fileLevel(Source source) {
    List<String> parts = source.at().parts();
    return !parts.isEmpty() && parts.get(parts.size() - 1).contains(".") || source.isPattern()
        ? 1
        : 0;
  }

  /** A load would remove what the job reads. */
  private void checkInputs(Write write) {
    if (!write.replaces() || write.format().equals(DELTA) || isAllowed(write.stage())) {
      warnOfOwnOutput(write);
      return;
    }
    for (Source source : sources) {
      if (!write.at().holds(source.at())) {
        continue;
      }
      String what =
          write.stage().describe()
              + " replaces all of "
              + write.uri()
              + ", and "
              + source.stage().describe()
              + " reads "
              + source.uri();
      if (source.isPattern() && source.at().holds(write.at())) {
        warning(write.stage(), what, "write to a folder that the pattern does not mean");
      } else {
        problem(
            write.stage(),
            what + ": the input would be removed",
            "write to another folder, or set \"replaceAll\" to true");
      }
    }
  }

  /** What is added to the place of a pattern is read by the next run, and added once more. */
  private void warnOfOwnOutput(Write write) {
    for (Source source : sources) {
      if (source.isPattern()
          && write.view().isEmpty()
          && !write.format().equals(DELTA)
          && source.at().holds(write.at())) {
        warning(
            write.stage(),
            write.stage().describe()
                + " writes to "
                + write.uri()
                + ", which the pattern "
                + source.uri()
                + " of "
                + source.stage().describe()
                + " means too: the next run reads what this one has written",
            "write to a folder that the pattern does not mean");
      }
    }
  }

  /** Two loads of one place, or of one within the other. */
  private void checkOtherWrites(Write write) {
    for (Write other : writes) {
      if (!other.at().overlaps(write.at())
          || !write.view().isEmpty()
          || !other.view().isEmpty()
          || other.stage() == write.stage()) {
        continue;
      }
      String both = other.stage().describe() + " and " + write.stage().describe();
      if (!other.at().isAt(write.at())) {
        checkNested(write, other, both);
      } else if (!other.format().equals(write.format())
          && !other.format().isEmpty()
          && !write.format().isEmpty()) {
        problem(
            write.stage(),
            both
                + " write "
                + write.uri()
                + " in two formats, "
                + other.format()
                + " and "
                + write.format(),
            "write to a folder each");
      } else if (write.replaces() && !isReadBetween(other, write)) {
        warning(
            write.stage(),
            both + " write " + write.uri() + ": the second replaces what the first wrote",
            "write to a folder each, or let the second append with \"saveMode\": \"Append\"");
      }
    }
  }

  private void checkNested(Write write, Write other, String both) {
    boolean isAbove = write.at().holds(other.at());
    DataLocation upper = isAbove ? write.at() : other.at();
    DataLocation lower = isAbove ? other.at() : write.at();
    String where = both + " write to folders of which one is in the other";
    boolean removes = isAbove && write.replaces() && !write.format().equals(DELTA);
    String upperFormat = isAbove ? write.format() : other.format();
    if (removes && !isAllowed(write.stage()) || upperFormat.equals(DELTA)) {
      problem(
          write.stage(),
          where + ": " + other.uri() + " and " + write.uri(),
          "write to folders side by side");
    } else if (upper.firstBelow(lower).contains("=") || isSingleFile(write.stage())) {
      warning(
          write.stage(),
          where + ": " + other.uri() + " and " + write.uri() + ", and are read together",
          "write to folders side by side, or with \"partitionBy\"");
    }
  }

  private boolean isReadBetween(Write first, Write second) {
    return sources.stream()
        .anyMatch(
            source ->
                source.number() > first.number()
                    && source.number() <= second.number()
                    && source.at().overlaps(first.at()));
  }

  private void problem(PlannedStage at, String message, String remedy) {
    tell(problems, at, message, remedy);
  }

  private void warning(PlannedStage at, String message, String remedy) {
    tell(warnings, at, message, remedy);
  }

  private void tell(Consumer<Problem> to, PlannedStage at, String message, String remedy) {
    if (told.add(message)) {
      to.accept(
          new Problem(
              ErrorCode.CHANGED_INPUT,
              Optional.ofNullable(at.position()).orElse(null),
              message,
              remedy));
    }
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
