package io.sqletl.engine.stage.http;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.Utf8Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.ProtocolException;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpHead;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.client.LaxRedirectStrategy;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Sends requests over one pool of connections. Redirects are followed, after a POST those that keep
 * it one. A request is sent once: a retry might do twice what it asks for.
 */
public final class HttpSender implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  /** How long a server may be silent; a model may take its time, and yet no job waits for ever. */
  static final Duration SILENCE = Duration.ofMinutes(10);

  private static final int CONNECTIONS = 50;

  private static final int LONGEST_DECLARATION = 200;

  private static final Pattern XML_ENCODING =
      Pattern.compile("<\\?xml\\s[^>]*?\\sencoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']");

  private final String stage;
  private final Map<String, String> headers;
  private final CloseableHttpClient client;

  /**
   * @param stage the stage type, for messages
   * @param headers of every request
   */
  public HttpSender(String stage, Map<String, String> headers) {
    this.stage = stage;
    this.headers = headers;
    this.client =
        HttpClients.custom()
            .setRedirectStrategy(new WholeRedirects())
            .setMaxConnTotal(CONNECTIONS)
            .setMaxConnPerRoute(CONNECTIONS)
            .disableAutomaticRetries()
            .disableCookieManagement()
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectTimeout(Math.toIntExact(CONNECT_TIMEOUT.toMillis()))
                    .setSocketTimeout(Math.toIntExact(SILENCE.toMillis()))
                    .build())
            .build();
  }

  /** A sender of a task of Spark's, which closes it, also when it fails or needs no more rows. */
  public static HttpSender ofTask(String stage, Map<String, String> headers) {
    HttpSender sender = new HttpSender(stage, headers);
    TaskContext task = TaskContext.get();
    if (task != null) {
      TaskCompletionListener close = ended -> sender.close();
      task.addTaskCompletionListener(close);
    }
    return sender;
  }

  /**
   * @throws StageException if there is no answer, or only a part of one
   */
  public HttpAnswer get(String uri) {
    return send(new HttpGet(address(uri)));
  }

  /**
   * Posts a text as UTF-8.
   *
   * @throws StageException if there is no answer, or only a part of one
   */
  public HttpAnswer post(String uri, String body) {
    return post(uri, body.getBytes(StandardCharsets.UTF_8), ContentType.TEXT_PLAIN);
  }

  /** Posts bytes. */
  public HttpAnswer post(String uri, byte[] body) {
    return post(uri, body, ContentType.APPLICATION_OCTET_STREAM);
  }

  /** Posts a JSON text. */
  public HttpAnswer postJson(String uri, String body) {
    return post(uri, body.getBytes(StandardCharsets.UTF_8), ContentType.APPLICATION_JSON);
  }

  private HttpAnswer post(String uri, byte[] body, ContentType type) {
    HttpPost post = new HttpPost(address(uri));
    // A header of the job's own says it better
    boolean typed = headers.keySet().stream().anyMatch("Content-Type"::equalsIgnoreCase);
    Charset charset = type == ContentType.TEXT_PLAIN ? StandardCharsets.UTF_8 : null;
    post.setEntity(
        typed
            ? new ByteArrayEntity(body)
            : new ByteArrayEntity(body, charset == null ? type : type.withCharset(charset)));
    return send(post);
  }

  /**
   * The statuses that the answers of this sender may have.
   *
   * @param requirement how the message of another begins: {@code HTTPExtract expects all response
   *     StatusCode(s)}
   */
  public ExpectedStatus expecting(List<Integer> valid, String requirement) {
    return new ExpectedStatus(valid, requirement, headers.values());
  }

  private URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new StageException(
          stage
              + " cannot ask '"
              + text
              + "', which is no address: "
              + e.getReason()
              + (e.getIndex() < 0 ? "" : " at its character " + (e.getIndex() + 1))
              + ". Write http://HOST/… or https://HOST/…, with url_encode for values in it.",
          e);
    }
  }

  private HttpAnswer send(HttpUriRequest request) {
    headers.forEach(request::setHeader);
    Instant sent = Instant.now();
    HttpClientContext context = HttpClientContext.create();
    try (CloseableHttpResponse response = client.execute(request, context)) {
      HttpEntity entity = response.getEntity();
      byte[] bytes = entity == null ? null : EntityUtils.toByteArray(entity);
      Charset charset = charset(request, entity, bytes);
      String body = bytes == null || bytes.length == 0 ? null : new String(bytes, charset);
      return new HttpAnswer(
          response.getStatusLine().getStatusCode(),
          response.getStatusLine().getReasonPhrase(),
          Optional.ofNullable(response.getFirstHeader("Content-Type"))
              .map(Header::getValue)
              .orElse(null),
          entity == null || entity.getContentLength() < 0
              ? body == null ? 0 : body.length()
              : entity.getContentLength(),
          body,
          charset.name(),
          body != null && !isText(bytes, charset),
          body != null && Utf8Bytes.areReadAsOthers(bytes, charset, /* isCut */ false),
          movedTo(request, response, context),
          Duration.between(sent, Instant.now()).toMillis());
    } catch (IOException e) {
      throw new StageException(
          stage
              + " got no answer from "
              + request.getURI()
              + ": "
              + HttpFault.reason(e, context.getRedirectLocations()),
          e);
    }
  }

  /** Without a query, which may hold a secret. */
  private static String movedTo(
      HttpUriRequest request, CloseableHttpResponse response, HttpClientContext context) {
    Header location = response.getFirstHeader("Location");
    if (location == null || !WholeRedirects.losesBody(request, response)) {
      return null;
    }
    List<URI> followed = context.getRedirectLocations();
    URI from =
        followed == null || followed.isEmpty()
            ? request.getURI()
            : followed.get(followed.size() - 1);
    try {
      URI to = from.resolve(location.getValue().strip());
      return to.getHost() + (to.getPort() < 0 ? "" : ":" + to.getPort()) + to.getPath();
    } catch (IllegalArgumentException e) {
      return "a Location that is no address";
    }
  }

  /** Follows redirects, but none that makes a GET of a POST: its body would go nowhere. */
  private static final class WholeRedirects extends LaxRedirectStrategy {

    private static final Set<Integer> TO_GET =
        Set.of(
            HttpStatus.SC_MOVED_PERMANENTLY,
            HttpStatus.SC_MOVED_TEMPORARILY,
            HttpStatus.SC_SEE_OTHER);

    static boolean losesBody(HttpRequest request, HttpResponse response) {
      String method = request.getRequestLine().getMethod();
      return TO_GET.contains(response.getStatusLine().getStatusCode())
          && !method.equalsIgnoreCase(HttpGet.METHOD_NAME)
          && !method.equalsIgnoreCase(HttpHead.METHOD_NAME);
    }

    @Override
    public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
        throws ProtocolException {
      return !losesBody(request, response) && super.isRedirected(request, response, context);
    }
  }

  /** In the charset that the server says, else the one that XML says itself, else in UTF-8. */
  private Charset charset(HttpUriRequest request, HttpEntity entity, byte[] bytes) {
    ContentType type = bytes == null || bytes.length == 0 ? null : type(request, entity);
    if (type == null) {
      return StandardCharsets.UTF_8;
    }
    if (type.getCharset() != null) {
      return type.getCharset();
    }
    String mimeType = type.getMimeType().toLowerCase(Locale.ROOT);
    return mimeType.endsWith("/xml") || mimeType.endsWith("+xml")
        ? declared(bytes)
        : StandardCharsets.UTF_8;
  }

  /** What the server says of the text; null if it says nothing. */
  private ContentType type(HttpUriRequest request, HttpEntity entity) {
    try {
      return ContentType.get(entity);
    } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
      // The name is all that their messages have
      throw new StageException(
          stage
              + " cannot read the answer of "
              + request.getURI()
              + ": its Content-Type, "
              + entity.getContentType().getValue()
              + ", names a character set that there is not. Have the server name the one that it"
              + " writes, such as charset=UTF-8, or name none, which is UTF-8.",
          e);
    }
  }

  private static Charset declared(byte[] xml) {
    String start =
        new String(xml, 0, Math.min(xml.length, LONGEST_DECLARATION), StandardCharsets.ISO_8859_1);
    Matcher declaration = XML_ENCODING.matcher(start);
    if (!declaration.lookingAt() || !Charset.isSupported(declaration.group(1))) {
      return StandardCharsets.UTF_8;
    }
    Charset charset = Charset.forName(declaration.group(1));
    // What was found by single bytes has no two for each character, whatever it says
    return charset.name().startsWith("UTF-") ? StandardCharsets.UTF_8 : charset;
  }

  private static boolean isText(byte[] bytes, Charset charset) {
    try {
      charset.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new StageException(stage + " could not close its connections: " + e.getMessage(), e);
    }
  }
}
