package io.sqletl.engine.session;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Spark's own web page, for whoever has the token of this run: on the loopback address, which
 * {@code kubectl port-forward} reaches in a pod too, without its buttons that kill, and without the
 * secrets of the job, which stand in plans.
 *
 * <p>Spark asks the filters in {@code spark.ui.filters} about each request, to its REST API too.
 */
public final class SparkPage implements Filter {

  private static final String ENABLED = "spark.ui.enabled";
  private static final String FILTERS = "spark.ui.filters";
  private static final String PARAMETER = "token";

  /** Spark hides values of settings whose names have this word on its page and in event logs. */
  private static final String TOKEN = "spark." + SparkPage.class.getName() + ".param." + PARAMETER;

  private static final String LOOPBACK = "127.0.0.1";
  private static final int TOKEN_BYTES = 24;

  private String token;

  /** What the page needs; nothing where there is none, or where a job brings its own filters. */
  static Map<String, String> settings(Map<String, String> settings) {
    Map<String, String> own = new LinkedHashMap<>();
    if (Boolean.parseBoolean(settings.get(ENABLED)) && !settings.containsKey(FILTERS)) {
      byte[] bytes = new byte[TOKEN_BYTES];
      new SecureRandom().nextBytes(bytes);
      own.put(FILTERS, SparkPage.class.getName());
      own.put(TOKEN, HexFormat.of().formatHex(bytes));
      own.put("spark.ui.killEnabled", "false");
    }
    return own;
  }

  /** The address of the page with the token of this run; empty where the page is not served. */
  public static Optional<String> address(SparkContext spark) {
    String token = spark.conf().get(TOKEN, "");
    return spark.uiWebUrl().isEmpty() || token.isEmpty()
        ? Optional.empty()
        : Optional.of(
            spark.uiWebUrl().get().replaceFirst("//.*:", "//" + LOOPBACK + ":")
                + "/?"
                + PARAMETER
                + "="
                + token);
  }

  @Override
  public void init(FilterConfig config) {
    token = config.getInitParameter(PARAMETER);
  }

  @Override
  public void doFilter(ServletRequest asked, ServletResponse answered, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) asked;
    HttpServletResponse response = (HttpServletResponse) answered;
    // Cookies are of a host, whatever its port: those of another run stay
    String name = "sql-etl-" + request.getServerPort();
    if (isKnown(request, name)) {
      RedactedResponse clean = new RedactedResponse(response);
      chain.doFilter(request, clean);
      clean.send();
    } else if (isToken(request.getParameter(PARAMETER))) {
      // As a header, since Spark's servlets are older than the attribute SameSite
      response.addHeader("Set-Cookie", name + "=" + token + "; Path=/; HttpOnly; SameSite=Strict");
      response.setHeader("Referrer-Policy", "no-referrer");
      // Without the token, which would stay in the history of the browser
      response.sendRedirect(request.getRequestURI());
    } else {
      response.setStatus(HttpServletResponse.SC_FORBIDDEN);
      response.setContentType("text/plain;charset=utf-8");
      response.getWriter().println("Open the address with the token that the run printed.");
    }
  }

  private boolean isKnown(HttpServletRequest request, String name) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(name) && isToken(cookie.getValue())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isToken(String value) {
    return value != null
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Settings with which Spark serves its page on the loopback address: it takes another from the
   * variable {@code SPARK_LOCAL_IP} alone, which a process cannot set for itself, and serves all
   * addresses without one.
   */
  static SparkConf onLoopback(Map<String, String> settings) {
    SparkConf conf = new LoopbackConf(/* loadDefaults= */ true);
    settings.forEach(conf::set);
    return conf;
  }

  private static final class LoopbackConf extends SparkConf {

    private static final String ADDRESS = "SPARK_LOCAL_IP";
    private static final long serialVersionUID = 1;

    private LoopbackConf(boolean loadDefaults) {
      super(loadDefaults);
    }

    @Override
    public String getenv(String name) {
      String value = super.getenv(name);
      return value == null && name.equals(ADDRESS) ? LOOPBACK : value;
    }

    /** Spark works with a copy. */
    @Override
    public SparkConf clone() {
      SparkConf copy = new LoopbackConf(/* loadDefaults= */ false);
      for (scala.Tuple2<String, String> setting : getAll()) {
        copy.set(setting._1(), setting._2());
      }
      return copy;
    }
  }
}
