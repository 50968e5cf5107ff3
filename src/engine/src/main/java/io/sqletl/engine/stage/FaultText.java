package io.sqletl.engine.stage;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.TimeoutException;

/** What an exception of a library says to a person, also where it has no message. */
public final class FaultText {

  private static final int DEEPEST = 50;

  private FaultText() {}

  /** The first message of the exception and its causes, else what its class means; never null. */
  public static String of(Throwable fault) {
    Throwable last = fault;
    Throwable at = fault;
    for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
      last = at;
      String message = at.getMessage();
      boolean isOfCause = at.getCause() != null && at.getCause().toString().equals(message);
      // An exception that others wrap without a word may be quoted by its class alone
      if (message != null && !message.isBlank() && !isOfCause) {
        return message;
      }
    }
    return meaning(last);
  }

  private static String meaning(Throwable fault) {
    if (fault instanceof EOFException) {
      return "it ends before it is complete";
    }
    if (fault instanceof FileNotFoundException || fault instanceof NoSuchFileException) {
      return "it is not there";
    }
    if (fault instanceof ClosedChannelException || fault instanceof SocketException) {
      return "the connection was closed";
    }
    if (fault instanceof TimeoutException) {
      return "there was no answer in time";
    }
    if (fault instanceof InterruptedIOException || fault instanceof InterruptedException) {
      return "it was interrupted";
    }
    if (fault instanceof UnsupportedOperationException
        || fault instanceof SQLFeatureNotSupportedException) {
      return "the library or driver cannot do that";
    }
    return "a library failed without saying why (" + fault.getClass().getSimpleName() + ")";
  }
}
