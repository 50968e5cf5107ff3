package io.sqletl.engine.stage.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/**
 * The days around today, joined by commas, for paths such as <code>{2020-01-01,2020-01-02}</code>.
 */
public final class DeltaPeriodConfiguration implements DynamicConfigurationType<DeltaPeriod> {

  @Override
  public Class<DeltaPeriod> configuration() {
    return DeltaPeriod.class;
  }

  @Override
  public String name() {
    return "DeltaPeriodDynamicConfigurationPlugin";
  }

  @Override
  public String description() {
    return "Sets a variable to the days around the current date, joined by commas, for the braces of"
        + " a path.";
  }

  @Override
  public Config configuration(DeltaPeriod keys, PluginPlanning planning) {
    if (keys.lagDays() < 0) {
      planning.invalid("lagDays", "\"lagDays\" " + keys.lagDays() + " must not be negative", null);
      return ConfigFactory.empty();
    }
    if (keys.leadDays() < 0) {
      planning.invalid(
          "leadDays", "\"leadDays\" " + keys.leadDays() + " must not be negative", null);
      return ConfigFactory.empty();
    }
    DateTimeFormatter formatter;
    try {
      formatter = DateTimeFormatter.ofPattern(keys.formatter());
    } catch (IllegalArgumentException e) {
      planning.invalid(
          "formatter",
          "\"" + keys.formatter() + "\" is no pattern of dates: " + e.getMessage(),
          "write uuuu-MM-dd");
      return ConfigFactory.empty();
    }
    try {
      LocalDate current =
          keys.currentDate()
              .map(text -> LocalDate.parse(text, formatter))
              .orElseGet(() -> LocalDate.now(Clock.systemUTC()));
      String days =
          current
              .minusDays(keys.lagDays())
              .datesUntil(current.plusDays(keys.leadDays() + 1L))
              .map(formatter::format)
              .collect(Collectors.joining(","));
      return ConfigFactory.empty()
          .withValue(
              ConfigUtil.quoteString(keys.returnName()), ConfigValueFactory.fromAnyRef(days));
    } catch (DateTimeException e) {
      planning.invalid(
          keys.currentDate().isPresent() ? "currentDate" : "formatter",
          "The date cannot be read or written: " + e.getMessage(),
          "write it as \"formatter\" says, with a pattern that has year, month and day");
      return ConfigFactory.empty();
    }
  }
}
