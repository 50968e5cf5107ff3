package io.sqletl.engine.run;

import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.RejectedValue;
import io.sqletl.engine.typing.RejectedValues.Summary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what the stages of a run rejected, and what they took with fewer digits. A stage's values
 * come to light when its view is used, so they are read when the run has ended. A notebook keeps
 * one for all of its cells, since a cell may use what earlier ones made.
 */
public final class RejectionReport {

  /** How many values are shown; a person looks at the first, a machine reads the quarantine. */
  private static final int MOST_SHOWN = 10;

  private static final Logger LOG = LoggerFactory.getLogger(RejectionReport.class);

  private final Map<PlannedStage, Rejected> byStage = new LinkedHashMap<>();
  private final Map<PlannedStage, Long> told = new IdentityHashMap<>();
  private final Map<PlannedStage, AdjustedValues> adjusted = new LinkedHashMap<>();
  private final Map<PlannedStage, String> toldOfDigits = new IdentityHashMap<>();
  private final Map<PlannedStage, String> toldOfTimes = new IdentityHashMap<>();
  private final Map<PlannedStage, String> toldOfFields = new IdentityHashMap<>();
  private final Map<PlannedStage, String> toldOfEncodings = new IdentityHashMap<>();

  void add(PlannedStage stage, Rejected rejected) {
    byStage.put(stage, rejected);
  }

  void add(PlannedStage stage, AdjustedValues values) {
    adjusted.put(stage, values);
  }

  /** The stages that account for what they read. */
  Set<PlannedStage> stages() {
    return byStage.keySet();
  }

  /** What stages took with fewer digits, where that is not what was last told of them. */
  Map<PlannedStage, String> newsOfDigits() {
    return news(AdjustedValues::describeDigits, toldOfDigits);
  }

  /** What stages took of local times that come twice, where that is not what was last told. */
  Map<PlannedStage, String> newsOfTimes() {
    return news(AdjustedValues::describeTimes, toldOfTimes);
  }

  /** Which fields stages did not read, where that is not what was last told. */
  Map<PlannedStage, String> newsOfFields() {
    return news(AdjustedValues::describeNotRead, toldOfFields);
  }

  /** Which answers are in another encoding than they say, where that is not what was last told. */
  Map<PlannedStage, String> newsOfEncodings() {
    return news(AdjustedValues::describeEncodings, toldOfEncodings);
  }

  private Map<PlannedStage, String> news(
      Function<AdjustedValues, String> description, Map<PlannedStage, String> lastTold) {
    Map<PlannedStage, String> news = new LinkedHashMap<>();
    adjusted.forEach(
        (stage, values) -> {
          String text = description.apply(values);
          if (!text.isEmpty() && !text.equals(lastTold.put(stage, text))) {
            news.put(stage, text);
          }
        });
    return news;
  }

  /**
   * A value that ended the run.
   *
   * @param text the value, as values are told that do not end it
   * @param stage the stage that types it
   */
  record FirstFailure(String text, PlannedStage stage) {}

  /** Where the value stands that a typing stage ended the run with, or one before it. */
  Optional<FirstFailure> find(RejectedValue ended) {
    List<Map.Entry<PlannedStage, Rejected>> lastFirst = new ArrayList<>(byStage.entrySet());
    Collections.reverse(lastFirst);
    for (Map.Entry<PlannedStage, Rejected> entry : lastFirst) {
      Optional<RejectedValue> placed = firstFailure(entry.getValue());
      if (placed.filter(value -> value.field().equals(ended.field())).isPresent()
          || lastFirst.size() == 1) {
        return Optional.of(
            new FirstFailure(entry.getValue().render(placed.orElse(ended)), entry.getKey()));
      }
    }
    return Optional.empty();
  }

  /** What is not to be read a second time is told without its place. */
  private static Optional<RejectedValue> firstFailure(Rejected rejected) {
    try {
      return rejected.firstFailure().get();
    } catch (RuntimeException e) {
      LOG.warn("The value that ended the run cannot be looked for", e);
      return Optional.empty();
    }
  }

  /** What has come to light since this was last asked for. */
  public Rejections news() {
    return since(told);
  }

  Rejections read() {
    return since(new IdentityHashMap<>());
  }

  private Rejections since(Map<PlannedStage, Long> before) {
    long total = 0;
    List<String> first = new ArrayList<>();
    for (Map.Entry<PlannedStage, Rejected> entry : byStage.entrySet()) {
      Summary summary = entry.getValue().values().value();
      Long known = before.put(entry.getKey(), summary.count());
      long more = summary.count() - (known == null ? 0 : known);
      if (more > 0) {
        total += more;
        render(entry, summary, first);
      }
    }
    return new Rejections(total, first);
  }

  private static void render(
      Map.Entry<PlannedStage, Rejected> stage, Summary summary, List<String> first) {
    summary.first().stream()
        .limit(MOST_SHOWN - first.size())
        .map(value -> stage.getValue().render(value) + " -> " + stage.getKey().describe())
        .forEach(first::add);
  }
}
