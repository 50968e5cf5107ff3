package io.sqletl.engine.stage.jdbc;

import io.sqletl.engine.stage.SecretNames;
import java.util.regex.Pattern;

/** A JDBC URL that is safe to tell. */
public final class JdbcAddress {

  /** Up to what ends a parameter in the URLs of the common drivers, braces being SQL Server's. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([\\w.]*(?:password|passwd|pwd|secret|token|key)[\\w.]*=)(\\{[^}]*}|[^&;,)\\s]*)");

  private static final Pattern AUTHORITY = Pattern.compile("(//[^/@:?;]*:)[^/]*@");
  private static final Pattern ORACLE = Pattern.compile("(?i)(:(?:thin|oci\\d*):[^/@:]+/)[^@]*@");

  private JdbcAddress() {}

  /** A text with every secret of the URLs in it masked. */
  public static String masked(String text) {
    String parameters = PARAMETER.matcher(text).replaceAll("$1" + SecretNames.MASK);
    String authority = AUTHORITY.matcher(parameters).replaceAll("$1" + SecretNames.MASK + "@");
    return ORACLE.matcher(authority).replaceAll("$1" + SecretNames.MASK + "@");
  }
}
