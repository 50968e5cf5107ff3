package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StagePlanning;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job writes at the start of a document of XML. */
final class XmlDeclaration {

  private static final Pattern ENCODING =
      Pattern.compile("<\\?xml\\s[^>]*?\\bencoding\\s*=\\s*[\"']([^\"'>]*)[\"']");

  private XmlDeclaration() {}

  /** Reports a prefix that names another encoding than the one that files are written in. */
  static void check(Optional<String> prefix, StagePlanning planning) {
    Matcher declared = ENCODING.matcher(prefix.orElse(""));
    if (declared.find() && !isUtf8(declared.group(1))) {
      planning.invalid(
          "prefix",
          "\"prefix\" says encoding=\""
              + declared.group(1)
              + "\", and the file is written in UTF-8: readers would take its letters for others,"
              + " or fail",
          "write encoding=\"UTF-8\", or leave the encoding out");
    }
  }

  private static boolean isUtf8(String name) {
    try {
      return Charset.forName(name).equals(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }
}
