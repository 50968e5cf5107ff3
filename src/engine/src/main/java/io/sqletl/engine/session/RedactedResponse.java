package io.sqletl.engine.session;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An answer of Spark's page that is kept until it is whole, and then sent without the secrets of
 * the job. What is no text goes out as it came.
 */
final class RedactedResponse extends HttpServletResponseWrapper {

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private PrintWriter writer;

  RedactedResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public ServletOutputStream getOutputStream() {
    return new ServletOutputStream() {
      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new UnsupportedOperationException("The body is written at once");
      }

      @Override
      public void write(int part) {
        body.write(part);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        body.write(bytes, from, length);
      }
    };
  }

  @Override
  public PrintWriter getWriter() {
    if (writer == null) {
      // Spark's pages and its REST API are UTF-8
      writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));
    }
    return writer;
  }

  @Override
  public void flushBuffer() {
    // Sent at the end
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    body.reset();
  }

  @Override
  public void setContentLength(int length) {
    // Of the text with its secrets
  }

  @Override
  public void setContentLengthLong(long length) {
    // Of the text with its secrets
  }

  /** Sends what was written. */
  void send() throws IOException {
    if (writer != null) {
      writer.flush();
    }
    if (isCommitted() || body.size() == 0) {
      return;
    }
    byte[] bytes = body.toByteArray();
    if (isText()) {
      bytes =
          OutputRedaction.apply(new String(bytes, StandardCharsets.UTF_8))
              .getBytes(StandardCharsets.UTF_8);
    }
    super.setContentLength(bytes.length);
    super.getOutputStream().write(bytes);
  }

  private boolean isText() {
    String type = getContentType() == null ? "" : getContentType().toLowerCase(Locale.ROOT);
    return type.startsWith("text/html")
        || type.startsWith("text/plain")
        || type.startsWith("application/json");
  }
}
