package io.sqletl.platform;

import java.util.List;

/** The settings of a deployment are wrong; the message has one line for each thing that is. */
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  SettingsException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
  }
}
