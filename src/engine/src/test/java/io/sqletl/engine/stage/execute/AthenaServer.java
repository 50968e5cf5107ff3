package io.sqletl.engine.stage.execute;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Stands in for Athena, of which no test has the real one: answers the three calls in its protocol,
 * JSON over HTTP, with the states that a test lays out.
 */
final class AthenaServer implements AutoCloseable {

  private static final String PROPERTY = "aws.endpointUrlAthena";
  private static final List<String> ACCOUNT =
      List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region");

  private final HttpServer server;
  private final Deque<String> states = new ArrayDeque<>();
  private final List<String> calls = new ArrayList<>();
  private String refusal;

  AthenaServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    System.setProperty(PROPERTY, "http://127.0.0.1:" + server.getAddress().getPort());
    ACCOUNT.forEach(name -> System.setProperty(name, "us-east-1"));
  }

  /** What it answers, one after the other, when it is asked for the state; the last one stays. */
  AthenaServer with(String... given) {
    states.addAll(List.of(given));
    return this;
  }

  /** Refuses to start a statement. */
  AthenaServer refusing(String message) {
    refusal = message;
    return this;
  }

  /** The calls so far, each with its name and its JSON. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestHeaders().getFirst("X-Amz-Target").replaceFirst(".*\\.", "");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    calls.add(call + " " + body);
    notifyAll();
    switch (call) {
      case "StartQueryExecution" -> {
        if (refusal == null) {
          send(exchange, 200, "{\"QueryExecutionId\": \"q-1\"}");
        } else {
          send(
              exchange,
              400,
              "{\"__type\": \"InvalidRequestException\", \"message\": \"" + refusal + "\"}");
        }
      }
      case "GetQueryExecution" -> {
        String[] state = (states.size() > 1 ? states.poll() : states.peek()).split(":", 2);
        String reason =
            state.length == 1 ? "" : ", \"StateChangeReason\": \"" + state[1].strip() + "\"";
        send(
            exchange,
            200,
            "{\"QueryExecution\": {\"QueryExecutionId\": \"q-1\", \"Status\": {\"State\": \""
                + state[0]
                + "\""
                + reason
                + "}, \"Statistics\": {\"DataScannedInBytes\": 42}}}");
      }
      default -> send(exchange, 200, "{}");
    }
  }

  /** Waits until a call was made. */
  synchronized void await(String call) {
    try {
      while (calls.stream().noneMatch(made -> made.startsWith(call))) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(HttpExchange exchange, int status, String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    System.clearProperty(PROPERTY);
    ACCOUNT.forEach(System::clearProperty);
    server.stop(0);
  }
}
