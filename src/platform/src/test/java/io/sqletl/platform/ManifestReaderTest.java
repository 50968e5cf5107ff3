package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the reader of YAML files takes, and how it tells what is wrong with one. */
class ManifestReaderTest {

  private static Object read(String text, Map<String, ?> replacements) {
    return ManifestReader.read("some.yaml", new StringReader(text), replacements).get(0);
  }

  private static void assertRefused(
      String text, Map<String, ?> replacements, String... problemLines) {
    assertThatThrownBy(() -> read(text, replacements))
        .isInstanceOf(ManifestException.class)
        .hasMessage(String.join(System.lineSeparator(), problemLines));
  }

  @Test
  void putsAnObjectWhereThePlaceholderIsAllOfTheValueAndTextWhereItIsAPart() {
    assertThat(
            read(
                """
                replicas: <<count>>
                arguments: <<arguments>>
                url: "s3a://<<bucket>>/<<bucket>>$1"
                notes: |
                  first
                  <<bucket>>
                """,
                Map.of("count", 2, "arguments", List.of("a", "b"), "bucket", "${Token[TOKEN.1]}")))
        .isEqualTo(
            Map.of(
                "replicas",
                2,
                "arguments",
                List.of("a", "b"),
                "url",
                "s3a://${Token[TOKEN.1]}/${Token[TOKEN.1]}$1",
                "notes",
                "first\n${Token[TOKEN.1]}\n"));
  }

  @Test
  void readsEveryDocument() {
    assertThat(ManifestReader.read("some.yaml", new StringReader("a: 1\n---\nb: x\n"), Map.of()))
        .isEqualTo(List.of(Map.of("a", 1), Map.of("b", "x")));
  }

  @Test
  void leavesWhatArgoAndTheShellPutIn() {
    assertThat(read("args: ['{{workflow.uid}}', '<<EOF', '$(CODE_BUCKET)']", Map.of()))
        .isEqualTo(Map.of("args", List.of("{{workflow.uid}}", "<<EOF", "$(CODE_BUCKET)")));
  }

  @Test
  void refusesAPlaceholderThatIsLeftOver() {
    assertRefused(
        """
        a: 1
        b: [x, "<<bucket>>"]
        c: |
          one
          <<region>>
        """,
        Map.of(),
        "some.yaml: line 2: nothing is given for <<bucket>>",
        "some.yaml: line 5: nothing is given for <<region>>");
  }

  @Test
  void refusesAReplacementThatIsNotUsed() {
    assertRefused(
        "a: <<bucket>>",
        Map.of("bucket", "b", "regoin", "r"),
        "some.yaml: it does not use the value that is given for <<regoin>>");
  }

  @Test
  void refusesADuplicateKeyDefect1() {
    assertRefused(
        """
        spec:
          driver: {cores: 1}
          executor:
            cores: 1
          driver: {memory: 1g}
        """,
        Map.of(),
        "some.yaml: line 5: the key driver stands in line 2 already");
  }

  @Test
  void refusesAPlaceholderInAKey() {
    assertRefused(
        "<<name>>: 1",
        Map.of("name", "x"),
        "some.yaml: line 1: the key <<name>> holds a placeholder",
        "some.yaml: it does not use the value that is given for <<name>>");
  }

  @Test
  void tellsWhereAFileIsNoYaml() {
    assertThatThrownBy(() -> read("a: 1\nb: [1\nc: 2", Map.of()))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("some.yaml: line 3: ");
  }

  @Test
  void tellsOfAFileThatIsMissing() {
    assertThatThrownBy(() -> ManifestReader.read("manifests/none.yaml", Map.of()))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("manifests/none.yaml: there is no such file");
  }
}
