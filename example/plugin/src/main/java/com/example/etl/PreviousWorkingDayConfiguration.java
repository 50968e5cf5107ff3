package com.example.etl;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.sqletl.engine.stage.configuration.DynamicConfigurationType;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/** Sets a variable to the last working day before a day: what a job that runs at night reads. */
public final class PreviousWorkingDayConfiguration
    implements DynamicConfigurationType<PreviousWorkingDay> {

  @Override
  public Class<PreviousWorkingDay> configuration() {
    return PreviousWorkingDay.class;
  }

  @Override
  public String description() {
    return "Sets a variable to the last day before a day that is neither Saturday nor Sunday.";
  }

  @Override
  public Config configuration(PreviousWorkingDay keys, PluginPlanning planning) {
    LocalDate day;
    try {
      day = keys.before().map(LocalDate::parse).orElseGet(() -> LocalDate.now(Clock.systemUTC()));
    } catch (DateTimeParseException e) {
      planning.invalid("before", "\"" + keys.before().get() + "\" is no date", "write 2024-03-01");
      return ConfigFactory.empty();
    }
    do {
      day = day.minusDays(1);
    } while (day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY);
    return ConfigFactory.empty()
        .withValue(
            ConfigUtil.quoteString(keys.returnName()),
            ConfigValueFactory.fromAnyRef(day.toString()));
  }
}
