package io.sqletl.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import org.dflib.jjava.jupyter.channels.ShellChannel;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.dflib.jjava.jupyter.messages.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** A channel of requests that a message which nobody can read does not end. */
final class SteadyChannel extends ShellChannel {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyChannel.class);

  /** How often the channel looks for a message, in milliseconds. */
  private static final long SLEEP_MILLIS = 10;

  /** How long after a failure messages that are on their way still count as sent before it. */
  private static final long WAITING_MILLIS = 50;

  private final KernelConnection connection;

  SteadyChannel(
      ZMQ.Context context,
      HMACGenerator signatures,
      boolean isControl,
      KernelConnection connection) {
    super(context, signatures, isControl, connection, SLEEP_MILLIS);
    this.connection = connection;
  }

  KernelConnection connection() {
    return connection;
  }

  /** The next message that is one: well formed and signed with the key of this kernel. */
  @Override
  public synchronized Message<?> readMessage() {
    while (true) {
      try {
        return super.readMessage();
      } catch (ZMQException e) {
        throw e;
      } catch (RuntimeException e) {
        // Its remaining parts must not be taken for the next
        while (hasReceiveMore()) {
          recv();
        }
        LOG.warn("A message was passed over: {}", e.getMessage());
      }
    }
  }

  /** What came in until now; to be called on the channel's own thread. */
  List<Message<?>> waiting() {
    List<Message<?>> messages = new ArrayList<>();
    try (ZMQ.Poller poller = ctx.poller(1)) {
      poller.register(this, ZMQ.Poller.POLLIN);
      while (poller.poll(WAITING_MILLIS) > 0) {
        messages.add(readMessage());
      }
    }
    return messages;
  }
}
