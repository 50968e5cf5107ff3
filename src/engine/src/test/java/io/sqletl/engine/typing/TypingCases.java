package io.sqletl.engine.typing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Texts of one column and what becomes of them, checked in every way that Spark evaluates. */
final class TypingCases {

  private final Schema schema;
  private final List<String[]> texts = new ArrayList<>();
  private final List<Outcome> expected = new ArrayList<>();

  private record Outcome(String text, Object value, List<String> messages) {}

  private TypingCases(Schema schema) {
    this.schema = schema;
  }

  /** Cases of a nullable column {@code c}, of which the rest is given as HOCON. */
  static TypingCases of(String column) {
    return new TypingCases(TypingSpark.schema("[{name: c, nullable: true, " + column + "}]"));
  }

  TypingCases value(String text, Object value) {
    texts.add(new String[] {text});
    expected.add(new Outcome(text, value, List.of()));
    return this;
  }

  TypingCases error(String text, String message) {
    texts.add(new String[] {text});
    expected.add(new Outcome(text, null, List.of(message)));
    return this;
  }

  void check() {
    for (TypingSpark.Mode mode : TypingSpark.Mode.values()) {
      List<Row> rows =
          mode.run(
              () ->
                  Typing.apply(TypingSpark.texts(1, texts), schema, FailMode.PERMISSIVE, null)
                      .collectAsList());
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        outcomes.add(outcome(texts.get(i)[0], rows.get(i)));
      }
      assertThat(outcomes)
          .as(mode.name())
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactlyElementsOf(expected);
    }
  }

  private static Outcome outcome(String text, Row row) {
    List<String> messages = new ArrayList<>();
    for (Object error : row.getList(1)) {
      assertThat(((Row) error).getString(0)).isEqualTo("c");
      messages.add(((Row) error).getString(1));
    }
    return new Outcome(text, row.get(0), messages);
  }
}
