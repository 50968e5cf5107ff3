package io.sqletl.engine.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that a run is told with. */
public final class EngineVersion {

  /** The engine's own version, as its build wrote it. */
  public static final String ENGINE = read();

  /** The version of Arc whose format this is, for what reads its log. */
  public static final String ARC = "4.2.0";

  private EngineVersion() {}

  private static String read() {
    try (InputStream stream = EngineVersion.class.getResourceAsStream("/sql-etl.properties")) {
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
