package io.sqletl.engine.job;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Map;

/**
 * One stage as it stands in a job file, before variables are put in.
 *
 * @param index place in the job's list of stages, from 0, stages of other environments included
 * @param source the cell or file that it stands in
 * @param line where it begins
 * @param object its keys; values may hold substitutions
 * @param places where keys stand that are not written as HOCON: the arguments and the body of a
 *     magic
 */
public record Block(
    int index, SourceText source, int line, ConfigObject object, Map<String, Position> places) {

  public Block {
    places = Map.copyOf(places);
  }

  /** Where the stage begins. */
  public Position position() {
    return source.at(line);
  }

  /** Where a key stands; where the stage begins when it has no such key. */
  public Position position(String key) {
    Position place = places.get(key);
    if (place != null) {
      return place;
    }
    ConfigValue value = object.get(key);
    return value == null ? position() : place(key, value);
  }

  /** Where the value of a key stands. */
  public Position valuePosition(String key) {
    ConfigValue value = object.get(key);
    if (value == null || places.containsKey(key)) {
      return position(key);
    }
    Position ofKey = position(key);
    String text = written(value);
    String after = source.line(ofKey.line()).substring(Math.max(0, ofKey.column() - 1));
    int start = text.isEmpty() ? -1 : after.indexOf(text, Math.min(key.length(), after.length()));
    return start < 0
        ? ofKey
        : new Position(source, ofKey.line(), ofKey.column() + start, text.length());
  }

  private Position place(String key, ConfigValue value) {
    int valueLine = value.origin().lineNumber();
    if (valueLine < 1) {
      return position();
    }
    Position onLine = source.find(valueLine, key);
    if (onLine.line() == valueLine && onLine.column() > 0) {
      return onLine;
    }
    // A value may begin on a line after its key's
    Position above = source.find(line, key);
    return above.column() > 0 && above.line() < valueLine ? above : source.at(valueLine);
  }

  private static String written(ConfigValue value) {
    try {
      return switch (value.valueType()) {
        case STRING, NUMBER, BOOLEAN -> RecordBinder.asWritten(value);
        default -> "";
      };
    } catch (ConfigException.NotResolved e) {
      return ""; // A variable stands there, so that the value is not to be seen
    }
  }
}
