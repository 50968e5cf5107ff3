package io.sqletl.engine.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.adapters.HistoryEntryAdapter;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** A channel of requests that a message which nobody can read does not end. */
final class SteadyChannel extends ShellChannel {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyChannel.class);

  /** How long the channel waits for a message before it looks whether it is to end. */
  private static final long POLL_MILLIS = 100;

  /** How long a connection may take from the failure of a socket to its own end. */
  private static final long CLOSING_MILLIS = 2000;

  /** How long after a failure messages that are on their way still count as sent before it. */
  private static final long WAITING_MILLIS = 50;

  private static final Gson REPLIES =
      new GsonBuilder()
          .registerTypeAdapter(HistoryEntry.class, HistoryEntryAdapter.INSTANCE)
          .create();

  /** EX_SOFTWARE of sysexits.h. */
  private static final int EXIT_STATUS = 70;

  private static final int MOST_CHARACTERS = 1000;

  private final KernelConnection connection;
  private final boolean isControl;
  private volatile boolean ending;

  SteadyChannel(
      ZMQ.Context context,
      HMACGenerator signatures,
      boolean isControl,
      KernelConnection connection) {
    super(context, signatures, isControl, connection);
    this.connection = connection;
    this.isControl = isControl;
  }

  @Override
  public void bind(KernelConnectionProperties properties) {
    int port = isControl ? properties.getControlPort() : properties.getShellPort();
    bind(formatAddress(properties.getTransport(), properties.getIp(), port));
    Thread thread = new Thread(this::serve, isControl ? "control" : "shell");
    thread.setUncaughtExceptionHandler((dead, e) -> end(e));
    thread.start();
  }

  private void serve() {
    try (ZMQ.Poller poller = ctx.poller(1)) {
      poller.register(this, ZMQ.Poller.POLLIN);
      while (!ending) {
        if (poller.poll(POLL_MILLIS) > 0) {
          next().ifPresent(this::answer);
        }
      }
    } catch (ZMQException | java.nio.channels.ClosedSelectorException e) {
      // Who closes the connection closes this socket under the poll
      if (!ending) {
        throw e;
      }
    }
  }

  /**
   * A kernel that no longer hears its front end looks alive by its heartbeat; one that is gone is
   * started again by Jupyter.
   */
  private void end(Throwable e) {
    LOG.error("The kernel ends, since it can answer nothing any more", e);
    // A socket may fail because its connection is about to be closed, which then says so
    for (long waited = 0; !(e instanceof Error) && !ending && waited < CLOSING_MILLIS; ) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
      waited += POLL_MILLIS;
    }
    if (!ending) {
      Runtime.getRuntime().halt(EXIT_STATUS);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private void answer(Message<?> message) {
    ShellHandler handler = connection.getHandler(message.getHeader().getType());
    if (handler == null) {
      LOG.warn("Nothing answers {}", message.getHeader().getType().getName());
      return;
    }
    ShellReplyEnvironment env = connection.prepareReplyEnv(this, message);
    try {
      handler.handle(env, (Message) message);
      env.resolveDeferrals();
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      LOG.error("A request could not be answered", e);
      refuse(env, message, e);
    }
    if (env.isMarkedForShutdown()) {
      connection.close();
    }
  }

  /** An error is an answer, so that the front end does not wait for another. */
  private static void refuse(ShellReplyEnvironment env, Message<?> message, Throwable e) {
    String reply = message.getHeader().getType().getName().replaceFirst("_request$", "_reply");
    String text = String.valueOf(e.getMessage());
    env.replyError(
        MessageType.getType(reply).error(),
        new ErrorReply(
            e.getClass().getSimpleName(),
            text.substring(0, Math.min(MOST_CHARACTERS, text.length())),
            List.of()));
    env.resolveDeferrals();
  }

  @Override
  public void close() {
    ending = true;
    super.close();
  }

  KernelConnection connection() {
    return connection;
  }

  /** The message that is there, if it is well formed and signed with the key of this kernel. */
  private Optional<Message<?>> next() {
    try {
      return Optional.ofNullable(readMessage());
    } catch (ZMQException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // Its remaining parts must not be taken for the next
      while (hasReceiveMore()) {
        recv();
      }
      LOG.warn("A message was passed over: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Every reply has a status; some of the library's have none. */
  @Override
  @SuppressWarnings({"unchecked", "rawtypes"})
  public synchronized void sendMessage(Message<?> message) {
    JsonElement content = REPLIES.toJsonTree(message.getContent());
    boolean isReply = message.getHeader().getType().getName().endsWith("_reply");
    if (!isReply || !content.isJsonObject() || content.getAsJsonObject().has("status")) {
      super.sendMessage(message);
      return;
    }
    content.getAsJsonObject().addProperty("status", "ok");
    super.sendMessage(
        new Message(
            message.getIdentities(),
            message.getHeader(),
            message.getParentHeader(),
            message.getMetadata(),
            content,
            message.getBlobs()));
  }

  /** What came in until now; to be called on the channel's own thread. */
  List<Message<?>> waiting() {
    List<Message<?>> messages = new ArrayList<>();
    try (ZMQ.Poller poller = ctx.poller(1)) {
      poller.register(this, ZMQ.Poller.POLLIN);
      while (poller.poll(WAITING_MILLIS) > 0) {
        next().ifPresent(messages::add);
      }
    }
    return messages;
  }
}
