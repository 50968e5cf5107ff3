package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One record as it is read: its bytes, and what was found to be wrong with it. */
final class RecordReading {

  private final byte[] bytes;
  private List<RecordProblem> problems = List.of();

  RecordReading(byte[] bytes) {
    this.bytes = bytes;
  }

  void add(RecordProblem problem) {
    if (problems.isEmpty()) {
      problems = new ArrayList<>();
    }
    problems.add(problem);
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
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
