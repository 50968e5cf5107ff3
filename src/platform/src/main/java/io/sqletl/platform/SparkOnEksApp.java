package io.sqletl.platform;

import software.amazon.awscdk.App;

/** Writes the CloudFormation template of the platform; the CDK toolkit runs it. */
public final class SparkOnEksApp {

  private SparkOnEksApp() {}

  /** Ends with exit status 1, and with every wrong setting named, when the settings are wrong. */
  public static void main(String[] arguments) {
    App app = new App();
    try {
      new SparkOnEksStack(app, SparkOnEksStack.ID, PlatformSettings.of(app.getNode()));
    } catch (SettingsException | MissingFileException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    app.synth();
  }
}
