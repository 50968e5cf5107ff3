package io.sqletl.engine.kernel;

import java.util.Optional;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;

/** Shows what a cell shows in the front end that sent it. */
final class FrontEnd implements CellOutput {

  private final ShellReplyEnvironment env;
  private final boolean canAsk;
  private final boolean isSilent;
  private boolean closed;

  FrontEnd(ShellReplyEnvironment env, boolean canAsk, boolean isSilent) {
    this.env = env;
    this.canAsk = canAsk;
    this.isSilent = isSilent;
  }

  static DisplayData data(Content content) {
    DisplayData data = new DisplayData();
    content.forms().forEach(data::putData);
    return data;
  }

  private static DisplayData data(String id, Content content) {
    DisplayData data = data(content);
    data.setDisplayId(id);
    return data;
  }

  @Override
  public synchronized void show(Content content) {
    if (isOpen()) {
      env.publish(new PublishDisplayData(data(content)));
    }
  }

  @Override
  public synchronized void show(String id, Content content) {
    if (isOpen()) {
      env.publish(new PublishDisplayData(data(id, content)));
    }
  }

  @Override
  public synchronized void update(String id, Content content) {
    if (isOpen()) {
      env.publish(new PublishUpdateDisplayData(data(id, content)));
    }
  }

  @Override
  public synchronized void warn(String text) {
    if (isOpen()) {
      env.writeToStdErr(text + "\n");
    }
  }

  @Override
  public Optional<String> askSecret(String prompt) {
    if (!canAsk) {
      return Optional.empty();
    }
    return Optional.of(env.readFromStdIn(prompt, true).stripTrailing());
  }

  private boolean isOpen() {
    return !closed && !isSilent;
  }

  /** Spark tells of its progress late; once the cell has its result nothing more is shown. */
  synchronized void close() {
    closed = true;
  }
}
