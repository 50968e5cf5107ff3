package io.sqletl.engine.stage.http;

import io.sqletl.engine.stage.FaultText;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.http.HttpException;
import org.apache.http.NoHttpResponseException;
import org.apache.http.ProtocolException;
import org.apache.http.client.CircularRedirectException;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.client.RedirectException;
import org.apache.http.conn.ConnectTimeoutException;

/** Why there is no answer of a server, in words and with what to do; libraries say a bare value. */
final class HttpFault {

  private static final String NEW_ADDRESS = "put the address that answers into the stage";

  private HttpFault() {}

  /**
   * @param followed the addresses that redirects led to; null if there were none
   */
  static String reason(IOException fault, List<URI> followed) {
    if (fault instanceof ClientProtocolException && fault.getCause() != null) {
      return protocol(fault.getCause(), followed);
    }
    if (fault instanceof UnknownHostException) {
      return "there is no host "
          + FaultText.of(fault)
          + "; correct the address, or see to the network";
    }
    if (fault instanceof SocketTimeoutException && !(fault instanceof ConnectTimeoutException)) {
      return "the server said nothing for " + HttpSender.SILENCE.toMinutes() + " minutes";
    }
    if (fault instanceof NoHttpResponseException) {
      return "it closed the connection without a word; see whether it speaks "
          + "https and not http, and what its log says";
    }
    if (fault instanceof SSLException) {
      return FaultText.of(fault)
          + "; see whether the server speaks https there, and whether Java trusts its certificate";
    }
    return FaultText.of(fault);
  }

  private static String protocol(Throwable cause, List<URI> followed) {
    if (cause instanceof CircularRedirectException) {
      return "it redirects in a circle" + last(followed) + "; " + NEW_ADDRESS;
    }
    if (cause instanceof RedirectException) {
      return "it redirects too often" + last(followed) + "; " + NEW_ADDRESS;
    }
    if (cause instanceof HttpException && !isOfWeb(followed)) {
      return "it redirects" + last(followed) + ", which is no address of http or https";
    }
    if (cause instanceof ProtocolException
        && FaultText.of(cause).toLowerCase(Locale.ROOT).contains("redirect")) {
      return "it redirects to what is no address; see to the header Location of the server, or "
          + NEW_ADDRESS;
    }
    return FaultText.of(cause) + "; see whether it is a web server that answers there";
  }

  private static boolean isOfWeb(List<URI> followed) {
    String scheme =
        followed == null || followed.isEmpty()
            ? "http"
            : followed.get(followed.size() - 1).getScheme();
    return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
  }

  private static String last(List<URI> followed) {
    return followed == null || followed.isEmpty()
        ? ""
        : ", to " + withoutQuery(followed.get(followed.size() - 1));
  }

  /** A query may hold a secret, and so may what stands before the host. */
  static String withoutQuery(URI uri) {
    return uri.getScheme()
        + "://"
        + uri.getHost()
        + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
        + uri.getRawPath();
  }
}
