package io.sqletl.engine.stage.function;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.LocalServer;
import io.sqletl.engine.stage.SqlJob;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArcFunctionsTest {

  private static Map<String, List<String>> added;

  @BeforeAll
  static void register() {
    added = FunctionSets.load().register(spark());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          struct_keys(named_struct('a', 1, 'a.b', 2, 'ü`', 3))              | [a, a.b, ü`]
          struct_keys(cast(null as struct<a: int>))                         | null
          probit(0.025)                                                     | -1.959963984540054
          probit(cast(null as double))                                      | null
          probit(1)                                                         | Infinity
          probnorm(0)                                                       | 0.5
          round(probnorm(probit(0.025)), 12)                                | 0.025
          get_json_double_array('{"a": {"b": [1, 2.5, "x"]}}', '$.a.b')     | [1.0, 2.5, 0.0]
          get_json_integer_array('[[1, 2], [3]]', '$.0')                    | [1, 2]
          get_json_long_array('{"a": [9007199254740993]}', '$.a')           | [9007199254740993]
          get_json_long_array(null, '$.a')                                  | null
          random(42) = random(42)                                           | true
          get_uri(cast(null as string))                                     | null
          """)
  void functionsGiveWhatArcsGive(String expression, String expected) {
    Object value = spark().sql("select " + expression).first().get(0);
    String text =
        value instanceof scala.collection.Seq<?> seq
            ? seq.mkString("[", ", ", "]")
            : String.valueOf(value);
    assertThat(text).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          probit(2)                                 | probit takes a probability from 0 to 1, not 2.0
          probit()                                  | The function probit takes 1 argument, not 0
          probit('x', 1)                            | The function probit takes 1 argument, not 2
          struct_keys(1)                            | The function struct_keys takes a struct, not a int
          get_json_long_array('{}', 'a')            | path 'a' must start with '$'.
          get_json_long_array('{"a": 1}', '$.a')    | value at '$.a' must be 'array' type.
          get_json_long_array('{', '$.a')           | This is no JSON
          get_uri('/nowhere/at.all')                | no files found for uri '/nowhere/at.all'
          """)
  void aWrongArgumentIsSaid(String expression, String message) {
    assertThatThrownBy(() -> spark().sql("select " + expression).collectAsList())
        .hasStackTraceContaining(message);
  }

  @Test
  void filesAreReadAndUnpackedByTheirNames(@TempDir Path directory) throws Exception {
    String text = "grüße\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Folder folder = new Folder(directory).with("a.csv", text);
    for (String end : List.of("gz", "gzip")) {
      folder.with("a.csv." + end, Folder.gzip(text));
    }
    for (String end : List.of("bz2", "bzip2", "lz4", "deflate")) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out =
          switch (end) {
            case "lz4" -> new LZ4FrameOutputStream(packed);
            case "deflate" -> new DeflaterOutputStream(packed);
            default -> new BZip2CompressorOutputStream(packed);
          }) {
        out.write(bytes);
      }
      folder.with("a.csv." + end, packed.toByteArray());
    }
    assertThat(
            rows(
                "select count(*), count(distinct content) from (select explode(get_uri_array('"
                    + directory
                    + "/a.csv*')) as content)"))
        .containsExactly("[7,1]");
    assertThat(rows("select decode(get_uri('" + directory + "/{a,b}.csv'), 'utf-8')"))
        .containsExactly("[" + text + "]");
    assertThat(
            rows(
                "select decode(f._1, 'utf-8'), f._2 from (select explode(get_uri_filename_array('"
                    + directory
                    + "/a.csv.g*')) as f)"))
        .containsExactly(
            "[" + text + ",file:" + directory + "/a.csv.gz]",
            "[" + text + ",file:" + directory + "/a.csv.gzip]");
  }

  @Test
  void addressesOfTheWebAreReadToo() throws Exception {
    try (LocalServer server =
        new LocalServer()
            .answering("/a.txt", 200, "hallo")
            .answering("/gone", 404, "no")
            .on(
                "/packed.gz",
                (exchange, body) -> LocalServer.answer(exchange, 200, Folder.gzip("hallo")))) {
      assertThat(rows("select decode(get_uri('" + server.url("/a.txt") + "'), 'utf-8')"))
          .containsExactly("[hallo]");
      assertThat(rows("select decode(get_uri('" + server.url("/packed.gz") + "'), 'utf-8')"))
          .containsExactly("[hallo]");
      String gone = server.url("/gone");
      assertThatThrownBy(() -> rows("select get_uri('" + gone + "')"))
          .hasStackTraceContaining(
              "Expected StatusCode = 200 when GET '" + gone + "' but server responded with 404.");
    }
  }

  @Test
  void deprecatedFunctionsAreWarnedAbout() {
    String sql = "select get_json_long_array('{}', '$')";
    assertThat(SqlJob.plan(view("v", sql)).warnings())
        .extracting(Problem::message)
        .containsExactly("The function get_json_long_array is deprecated");
  }

  @Test
  void theFunctionsOfEachSetAreToldOnce() {
    assertThat(added.keySet()).anyMatch(set -> set.startsWith(ArcFunctions.class.getName()));
  }
}
