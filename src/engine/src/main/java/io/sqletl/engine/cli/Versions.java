package io.sqletl.engine.cli;

import io.sqletl.engine.run.EngineVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code etl --version} prints. */
final class Versions implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "sql-etl " + EngineVersion.ENGINE,
      "Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION(),
      "Java " + System.getProperty("java.runtime.version")
    };
  }
}
