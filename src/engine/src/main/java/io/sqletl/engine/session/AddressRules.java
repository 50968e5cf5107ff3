package io.sqletl.engine.session;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an address of files has to be, whichever key or file it stands in and whoever reads it. */
final class AddressRules {

  /** What Amazon S3 gives to new buckets. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private static final Pattern IP_ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final Pattern S3A = Pattern.compile("(?s)s3a:(//)?([^/]*)(.*)");
  private static final Pattern FILE = Pattern.compile("(?s)file:(?://([^/]*))?(.*)");
  private static final Pattern WINDOWS = Pattern.compile("(?s)[A-Za-z]:[\\\\/].*|\\\\\\\\.*");
  private static final Pattern BACKSLASH = Pattern.compile("\\\\[\\p{L}\\p{N}_]");

  private AddressRules() {}

  /** Why nothing can be there; empty if something may be. */
  static Optional<UriScheme.Refused> refusal(String uri) {
    if (uri.indexOf('\0') >= 0 || uri.chars().anyMatch(c -> c == '\n' || c == '\r')) {
      return refused("An address has a line break or NUL in it", "remove it");
    }
    if (!uri.strip().equals(uri)) {
      return refused("\"" + uri + "\" begins or ends with a blank", "remove the blank");
    }
    if (uri.startsWith("~")) {
      return refused(
          "\"" + uri + "\": only a shell knows what ~ stands for", "write the folder's whole path");
    }
    if (WINDOWS.matcher(uri).matches() || BACKSLASH.matcher(uri).find()) {
      return refused(
          "\"" + uri + "\" is a path of Windows",
          "write / in place of \\ and, for a drive, file:///C:/PATH");
    }
    String scheme = UriScheme.of(uri);
    String written = uri.substring(0, scheme.length());
    if (!scheme.equals(written)) {
      return refused("\"" + uri + "\": the scheme is in small letters", "write " + scheme + ":");
    }
    return switch (scheme) {
      case "s3a" -> bucket(uri);
      case "file" -> file(uri);
      default -> Optional.empty();
    };
  }

  private static Optional<UriScheme.Refused> bucket(String uri) {
    Matcher parts = S3A.matcher(uri);
    if (!parts.matches() || parts.group(1) == null || parts.group(2).isEmpty()) {
      return refused("\"" + uri + "\" names no bucket", "write s3a://BUCKET/PATH");
    }
    String bucket = parts.group(2);
    if (bucket.indexOf('@') >= 0) {
      return refused(
          "Credentials stand in an address of S3, which nobody takes from there",
          "write s3a://BUCKET/PATH and give them as \"authentication\"");
    }
    boolean possible =
        BUCKET.matcher(bucket).matches()
            && !bucket.contains("..")
            && !IP_ADDRESS.matcher(bucket).matches();
    return possible
        ? Optional.empty()
        : refused(
            "\"" + bucket + "\" is no name for a bucket of S3, in \"" + uri + "\"",
            "use 3 to 63 lower-case letters, digits, dots and hyphens");
  }

  private static Optional<UriScheme.Refused> file(String uri) {
    Matcher parts = FILE.matcher(uri);
    boolean matches = parts.matches();
    String host = matches && parts.group(1) != null ? parts.group(1) : "";
    if (!host.isEmpty() && !host.equals("localhost")) {
      return refused(
          "\"" + uri + "\" names a file of the host \"" + host + "\"",
          "write " + host + parts.group(2) + " for a relative path, or file:/// and a whole one");
    }
    return matches && parts.group(2).startsWith("/")
        ? Optional.empty()
        : refused(
            "\"" + uri + "\" is a relative path with a scheme",
            "write the path alone, or file:/// and the whole path");
  }

  /** Why Hadoop cannot reach a file by this address, though it may be there; empty if it can. */
  static Optional<UriScheme.Refused> hadoopRefusal(String uri) {
    String path = uri.substring(UriScheme.of(uri).isEmpty() ? 0 : UriScheme.of(uri).length() + 1);
    if (path.startsWith("//")) {
      int slash = path.indexOf('/', 2);
      path = slash < 0 ? "" : path.substring(slash);
    }
    return path.indexOf(':') < 0
        ? Optional.empty()
        : refused(
            "\""
                + uri
                + "\" has a colon in the name of a file or folder, and Hadoop, by which data"
                + " is reached, reads what stands before it as a scheme",
            "rename it, such as 10-00-00 for 10:00:00");
  }

  private static Optional<UriScheme.Refused> refused(String message, String remedy) {
    return Optional.of(new UriScheme.Refused(message, remedy));
  }
}
