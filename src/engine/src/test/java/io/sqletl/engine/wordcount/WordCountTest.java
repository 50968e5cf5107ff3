package io.sqletl.engine.wordcount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordCountTest {

  @TempDir Path folder;

  @Test
  void countsEveryCopy() throws Exception {
    SparkSession spark = SqlJob.spark();
    Path input = Files.writeString(folder.resolve("in.csv"), "Ada,Lovelace\nada,Ünal,1815\n");
    String output = folder.resolve("out").toString();
    WordCount.run(spark, input.toString(), output, 1);
    WordCount.run(spark, input.toString(), output, 500);
    assertThat(
            spark.read().parquet(output).orderBy("word").collectAsList().stream()
                .map(Row::mkString))
        .containsExactly("1815500", "ada1000", "lovelace500", "ünal500");
  }

  @Test
  void saysWhatItTakes() {
    assertThatThrownBy(() -> WordCount.main(new String[] {"in"})).hasMessageContaining("Usage");
    assertThatThrownBy(() -> WordCount.main(new String[] {"in", "out", "0"}))
        .hasMessageContaining("give 1 or more");
    assertThatThrownBy(() -> WordCount.main(new String[] {"in", "out", "many"}))
        .hasMessageContaining("no number");
  }
}
