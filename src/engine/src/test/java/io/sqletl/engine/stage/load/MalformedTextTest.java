package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.spark;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;

/** Texts whose bytes are not UTF-8 are found, as Spark's own function finds them. */
class MalformedTextTest {

  private static final String TEXT = "plain text, Köln, 東京, 🏔, and plain again";

  /** Texts of 0 to 40 bytes cut out anywhere, half of them with a byte that is another. */
  private static List<byte[]> texts() {
    byte[] whole = TEXT.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    return IntStream.range(0, 5_000)
        .mapToObj(
            i -> {
              int from = random.nextInt(whole.length);
              byte[] text =
                  Arrays.copyOfRange(
                      whole, from, Math.min(whole.length, from + random.nextInt(41)));
              if (text.length > 0 && random.nextBoolean()) {
                text[random.nextInt(text.length)] = (byte) random.nextInt();
              }
              return text;
            })
        .toList();
  }

  @Test
  void findsWhatSparkFinds() {
    Dataset<String> differing =
        spark()
            .createDataset(texts(), Encoders.BINARY())
            .select(col("value").cast("string").as("text"))
            .filter(MalformedText.in(col("text")).notEqual(not(is_valid_utf8(col("text")))))
            .select(hex(col("text")))
            .as(Encoders.STRING());
    assertThat(differing.collectAsList()).isEmpty();
  }

  @Test
  void saysBothOfThem() {
    Dataset<Boolean> found =
        spark()
            .createDataset(texts(), Encoders.BINARY())
            .select(MalformedText.in(col("value").cast("string")))
            .as(Encoders.BOOLEAN());
    assertThat(found.collectAsList()).contains(true, false);
  }

  @Test
  void nothingOfNull() {
    assertThat(
            spark()
                .sql("select string(null) as text")
                .select(MalformedText.in(col("text")))
                .first()
                .get(0))
        .isNull();
  }
}
