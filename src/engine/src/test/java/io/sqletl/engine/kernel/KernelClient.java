package io.sqletl.engine.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sqletl.engine.session.OtherTests;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A front end of Jupyter's protocol over real sockets, as much of one as tests need. */
final class KernelClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "a key of this test";
  private static final int PATIENCE_MILLIS = 120_000;

  private final ZContext context = new ZContext();
  private final String session = UUID.randomUUID().toString();
  private final ZMQ.Socket shell;
  private final ZMQ.Socket control;
  private final ZMQ.Socket published;
  private final Runnable awaitEnd;

  /** Starts a kernel that serves what a connection file says; what it returns waits for its end. */
  @FunctionalInterface
  interface Starter {
    Runnable start(Path connectionFile) throws IOException;
  }

  /** What came back for a request: the reply's content, and all that was published for it. */
  record Answer(JsonNode reply, List<JsonNode> published) {

    String status() {
      return reply.path("status").asText();
    }

    /** The contents of one type. */
    List<JsonNode> of(String type) {
      return published.stream()
          .filter(message -> message.at("/header/msg_type").asText().equals(type))
          .map(message -> message.get("content"))
          .toList();
    }

    /** A form of the result. */
    String result(String mime) {
      return of("execute_result").get(0).at("/data").path(mime).asText();
    }

    String text() {
      return result(Content.PLAIN);
    }

    String error() {
      StringBuilder text = new StringBuilder();
      of("error")
          .forEach(
              e -> e.get("traceback").forEach(line -> text.append(line.asText()).append('\n')));
      return text.toString().replaceAll("\u001B\\[\\d+m", "");
    }
  }

  KernelClient(Path folder, KernelOptions options) throws IOException {
    this(
        folder,
        file -> {
          OtherTests.stopSession();
          return KernelServer.start(file, options)::await;
        });
  }

  KernelClient(Path folder, Starter starter) throws IOException {
    int[] ports = freePorts(5);
    ObjectNode connection = JSON.createObjectNode();
    connection.put("transport", "tcp").put("ip", "127.0.0.1").put("key", KEY);
    connection.put("signature_scheme", "hmac-sha256");
    connection.put("shell_port", ports[0]).put("iopub_port", ports[1]);
    connection.put("stdin_port", ports[2]).put("control_port", ports[3]).put("hb_port", ports[4]);
    Path file = folder.resolve("connection.json");
    Files.writeString(file, connection.toString());
    awaitEnd = starter.start(file);
    shell = socket(SocketType.DEALER, ports[0]);
    control = socket(SocketType.DEALER, ports[3]);
    published = socket(SocketType.SUB, ports[1]);
    published.subscribe(ZMQ.SUBSCRIPTION_ALL);
    awaitSubscription();
  }

  private static int[] freePorts(int number) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    int[] ports = new int[number];
    for (int i = 0; i < number; i++) {
      sockets.add(new ServerSocket(0));
      ports[i] = sockets.get(i).getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private ZMQ.Socket socket(SocketType type, int port) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    socket.connect("tcp://127.0.0.1:" + port);
    return socket;
  }

  /** A subscription takes effect late, and what is published before is lost. */
  private void awaitSubscription() {
    published.setReceiveTimeOut(200);
    for (int tries = 0; tries < 100; tries++) {
      String id = send(shell, "kernel_info_request", JSON.createObjectNode());
      JsonNode message = receive(published);
      receiveReply(shell, id);
      if (message != null) {
        published.setReceiveTimeOut(PATIENCE_MILLIS);
        drain(id, message);
        return;
      }
    }
    throw new IllegalStateException("The kernel publishes nothing");
  }

  private void drain(String id, JsonNode first) {
    JsonNode message = first;
    while (!isIdle(message, id)) {
      message = receive(published);
    }
  }

  String send(ZMQ.Socket socket, String type, ObjectNode content) {
    return send(socket, type, content, KEY);
  }

  private String send(ZMQ.Socket socket, String type, ObjectNode content, String key) {
    String id = UUID.randomUUID().toString();
    ObjectNode header = JSON.createObjectNode();
    header.put("msg_id", id).put("username", "test").put("session", session);
    header.put("date", "2026-01-01T00:00:00.000000Z").put("msg_type", type).put("version", "5.3");
    String[] parts = {header.toString(), "{}", "{}", content.toString()};
    socket.sendMore("<IDS|MSG>");
    socket.sendMore(signature(key, parts));
    for (int i = 0; i < parts.length; i++) {
      socket.send(parts[i].getBytes(StandardCharsets.UTF_8), i < 3 ? ZMQ.SNDMORE : 0);
    }
    return id;
  }

  private static String signature(String key, String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      for (String part : parts) {
        mac.update(part.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A message with its header, parent and content; null when none came in time. */
  private static JsonNode receive(ZMQ.Socket socket) {
    String part = socket.recvStr();
    if (part == null) {
      return null;
    }
    while (!part.equals("<IDS|MSG>")) {
      part = socket.recvStr();
    }
    socket.recvStr();
    ObjectNode message = JSON.createObjectNode();
    try {
      for (String name : List.of("header", "parent", "metadata", "content")) {
        message.set(name, JSON.readTree(socket.recvStr()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    while (socket.hasReceiveMore()) {
      socket.recv();
    }
    return message;
  }

  private static JsonNode receiveReply(ZMQ.Socket socket, String id) {
    JsonNode message;
    do {
      message = receive(socket);
      if (message == null) {
        throw new IllegalStateException("No reply came");
      }
    } while (!message.at("/parent/msg_id").asText().equals(id));
    return message.get("content");
  }

  private static boolean isIdle(JsonNode message, String id) {
    if (message == null) {
      throw new IllegalStateException("The kernel does not become idle");
    }
    return message.at("/parent/msg_id").asText().equals(id)
        && message.at("/content/execution_state").asText().equals("idle");
  }

  /** Sends a cell, without waiting for it. */
  String sendCell(String code) {
    ObjectNode request = JSON.createObjectNode();
    request.put("code", code).put("silent", false).put("store_history", true);
    request.put("allow_stdin", false).put("stop_on_error", true);
    request.putObject("user_expressions");
    return send(shell, "execute_request", request);
  }

  /** Runs a cell to its end. */
  Answer run(String code) {
    return run(code, message -> {});
  }

  /** Runs a cell, and looks at each message as it comes. */
  Answer run(String code, Consumer<JsonNode> look) {
    return await(sendCell(code), look);
  }

  Answer await(String id, Consumer<JsonNode> look) {
    List<JsonNode> messages = new ArrayList<>();
    JsonNode message;
    do {
      message = receive(published);
      if (message != null && message.at("/parent/msg_id").asText().equals(id)) {
        messages.add(message);
        look.accept(message);
      }
    } while (!isIdle(message, id));
    return new Answer(receiveReply(shell, id), messages);
  }

  JsonNode ask(String type, String code, int cursor) {
    ObjectNode request = JSON.createObjectNode();
    request.put("code", code).put("cursor_pos", cursor).put("detail_level", 0);
    String id = send(shell, type, request);
    return await(id, message -> {}).reply();
  }

  /** Asks for completions, without waiting for them. */
  void sendCompletion(String code) {
    send(shell, "complete_request", JSON.createObjectNode().put("code", code).put("cursor_pos", 0));
  }

  /** The last cells with what came out of them. */
  JsonNode history() {
    ObjectNode request = JSON.createObjectNode();
    request.put("output", true).put("raw", true).put("hist_access_type", "tail").put("n", 100);
    return await(send(shell, "history_request", request), message -> {}).reply();
  }

  JsonNode kernelInfo() {
    return await(send(shell, "kernel_info_request", JSON.createObjectNode()), message -> {})
        .reply();
  }

  List<String> complete(String code) {
    List<String> matches = new ArrayList<>();
    ask("complete_request", code, code.codePointCount(0, code.length()))
        .get("matches")
        .forEach(match -> matches.add(match.asText()));
    return matches;
  }

  void interrupt() {
    send(control, "interrupt_request", JSON.createObjectNode());
  }

  /** A message that nobody with the key signed. */
  void sendForged() {
    send(shell, "execute_request", JSON.createObjectNode().put("code", "%version"), "another key");
  }

  @Override
  public void close() {
    receiveReply(
        control, send(control, "shutdown_request", JSON.createObjectNode().put("restart", false)));
    awaitEnd.run();
    context.close();
  }

  /** Leaves a kernel that has ended by itself. */
  void leave() {
    awaitEnd.run();
    for (ZMQ.Socket socket : List.of(shell, control, published)) {
      socket.setLinger(0);
    }
    context.close();
  }
}
