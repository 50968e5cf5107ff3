package io.sqletl.engine.stage.plugin;

/** A plugin jar that cannot be used. */
public final class PluginException extends RuntimeException {

  public PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
