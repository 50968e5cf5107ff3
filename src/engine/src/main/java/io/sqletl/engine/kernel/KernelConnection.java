package io.sqletl.engine.kernel;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.dflib.jjava.jupyter.channels.JupyterConnection;
import org.dflib.jjava.jupyter.channels.ShellHandler;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.zeromq.ZMQ;

/**
 * The five sockets of a kernel, two of them other than the library's: {@link SteadyChannel} goes on
 * after a broken message, and knows what waits when a cell fails.
 */
final class KernelConnection extends JupyterConnection {

  private final KernelConnectionProperties properties;
  private final ZMQ.Context context = ZMQ.context(1);
  private final SteadyChannel requests;
  private final SteadyChannel controls;
  private final CountDownLatch closed = new CountDownLatch(1);

  KernelConnection(KernelConnectionProperties properties)
      throws NoSuchAlgorithmException, InvalidKeyException {
    super(properties);
    this.properties = properties;
    this.requests = new SteadyChannel(context, properties.createHMACGenerator(), false, this);
    this.controls = new SteadyChannel(context, properties.createHMACGenerator(), true, this);
  }

  @Override
  public void connect() {
    heartbeat.bind(properties);
    stdin.bind(properties);
    iopub.bind(properties);
    iopub.sendMessage(new Message<>(null, PublishStatus.MESSAGE_TYPE, PublishStatus.STARTING));
    requests.bind(properties);
    controls.bind(properties);
  }

  /** The requests that came in behind the one that is being answered. */
  static List<Message<?>> waiting(ShellReplyEnvironment env) {
    return env.getShell() instanceof SteadyChannel channel ? channel.waiting() : List.of();
  }

  /** Refuses to run a cell because one before it failed; answers whatever else was asked. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static void abort(ShellReplyEnvironment failed, Message<?> message) {
    SteadyChannel channel = (SteadyChannel) failed.getShell();
    MessageType type = message.getHeader().getType();
    ShellReplyEnvironment env = channel.connection().prepareReplyEnv(channel, message);
    if (type == MessageType.EXECUTE_REQUEST) {
      env.setBusyDeferIdle();
      env.reply(new Message(message, ExecuteReply.MESSAGE_TYPE, Map.of("status", "aborted")));
    } else {
      ShellHandler handler = channel.connection().getHandler(type);
      if (handler != null) {
        handler.handle(env, (Message) message);
      }
    }
    env.resolveDeferrals();
  }

  @Override
  public void close() {
    try {
      requests.close();
      controls.close();
      super.close();
      context.close();
    } finally {
      closed.countDown();
    }
  }

  /** Waits for {@link #close()}, and not for a cell that may still run. */
  @Override
  public void waitUntilClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
