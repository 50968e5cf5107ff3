package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.Adjustments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** One record as it is read: its bytes, and what was found to be wrong with it. */
final class RecordReading implements Adjustments {

  private final byte[] bytes;
  private final int begin;
  private List<RecordProblem> problems = List.of();

  /**
   * @param begin where in the bytes the record begins
   */
  RecordReading(byte[] bytes, int begin) {
    this.bytes = bytes;
    this.begin = begin;
  }

  void add(RecordProblem problem) {
    if (problems.isEmpty()) {
      problems = new ArrayList<>();
    }
    problems.add(problem);
  }

  /** Takes a value that typing adjusted; its field is known by where it is read. */
  @Override
  public void add(AdjustedValues.Value value) {
    add(new RecordProblem("", "", value.text(), value.target(), value.change()));
  }

  /** The text or number that the parser stands on, as Spark keeps it; one that is none is told. */
  UTF8String text(JsonParser parser) throws IOException {
    char[] characters = parser.getTextCharacters();
    int offset = parser.getTextOffset();
    byte[] ascii = new byte[parser.getTextLength()];
    for (int i = 0; i < ascii.length; i++) {
      char character = characters[offset + i];
      if (character >= 0x80) {
        return text(parser.getText());
      }
      ascii[i] = (byte) character;
    }
    return UTF8String.fromBytes(ascii);
  }

  private UTF8String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean isPair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!isPair) {
          add(
              new RecordProblem(
                  "",
                  String.format(
                      "\\u%04x at character %d is half of a character; a ? stands for it",
                      (int) text.charAt(i), i + 1),
                  null,
                  null));
          break;
        }
        i++;
      }
    }
    return UTF8String.fromString(text);
  }

  List<RecordProblem> problems() {
    return problems;
  }

  int count() {
    return problems.size();
  }

  /** Puts a field before the paths of what was found since there were so many problems. */
  void under(String field, int since) {
    for (int i = since; i < problems.size(); i++) {
      problems.set(i, problems.get(i).under(field));
    }
  }

  /** The text of the value that the parser stands on, as it is written; ends on its last token. */
  String written(JsonParser parser) throws IOException {
    if (!parser.currentToken().isStructStart()) {
      return parser.getText();
    }
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(bytes, begin + start, end - start, StandardCharsets.UTF_8);
  }
}
