package io.sqletl.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void cellsAreCountedAsJupyterCountsThemAfterRunAll() {
    JobSource job =
        notebook("{type: A, name: a}", "   ", "# only a comment", "%sql name=b\nSELECT 1");

    assertThat(job.blocks()).extracting(block -> block.source().cell()).containsExactly(1, 3);
  }

  @Test
  void aCellMayHoldSeveralStagesAndATrailingComma() {
    JobSource job = notebook("{type: A, name: a}\n{type: B, name: b},\n");

    assertThat(job.blocks()).extracting(Block::index).containsExactly(0, 1);
    assertThat(job.blocks()).extracting(Block::line).containsExactly(1, 2);
  }

  @Test
  void aCellWhoseSourceIsOneStringIsRead() throws Exception {
    ObjectNode notebook = emptyNotebook();
    ((ArrayNode) notebook.get("cells"))
        .addObject()
        .put("cell_type", "code")
        .put("source", "{type: A, name: a}");

    JobSource job = JobReader.read("n.ipynb", JSON.writeValueAsString(notebook));

    assertThat(job.blocks()).hasSize(1);
  }

  /** Larger than the texts that the JSON library reads by default. */
  @Test
  void largePicturesOfCellsDoNotMatter() throws Exception {
    ObjectNode notebook = emptyNotebook();
    ObjectNode cell = ((ArrayNode) notebook.get("cells")).addObject();
    cell.put("cell_type", "code").put("source", "%sql name=a outputView=v\nSELECT 1");
    cell.putArray("outputs").addObject().putObject("data").put("image/png", "A".repeat(25_000_000));
    assertThat(JobReader.read("n.ipynb", JSON.writeValueAsString(notebook)).blocks()).hasSize(1);
  }

  @Test
  void missingCommasBetweenLinesAndCommentsAreFine() {
    JobSource job =
        JobReader.read(
            "job.conf",
            """
            # a comment
            stages: [
              {
                type: A   // another
                name = "a"
                environments: [test, dev]
              }
              { type: B, name: b, }
            ]
            """);

    assertThat(job.blocks()).hasSize(2);
    assertThat(job.blocks().get(0).position("name")).hasToString("job.conf line 5");
  }

  @Test
  void argumentsOfAMagicBecomeKeys() {
    JobSource job =
        notebook(
            "%sql name=\"two words\" environments=dev, test outputView=v persist=true"
                + " sqlParams=year=2020,day=${DAY} numRows=5\n\nSELECT *\nFROM t\n");

    Block block = job.blocks().get(0);
    assertThat(block.object().get("name").unwrapped()).isEqualTo("two words");
    assertThat(block.object().get("outputView").unwrapped()).isEqualTo("v");
    assertThat(block.object().get("environments").unwrapped()).isEqualTo(List.of("dev", "test"));
    assertThat(block.object().get("sql").unwrapped()).isEqualTo("SELECT *\nFROM t");
    assertThat(block.object()).doesNotContainKey("numRows");
    assertThat(block.position("sql")).hasToString("n.ipynb cell 1 line 3");
  }

  @Test
  void environmentsOfAMagicAreTrimmed() {
    JobSource job = notebook("%sql name=a environments=\"dev, test\" outputView=v\nSELECT 1");

    assertThat(job.blocks().get(0).object().get("environments").unwrapped())
        .isEqualTo(List.of("dev", "test"));
  }

  @ParameterizedTest
  @CsvSource({
    "%sql, SQLTransform, false",
    "%SQL, SQLTransform, false",
    "%sqlvalidate, SQLValidate, false",
    "%sqlvaildate, SQLValidate, true",
    "%sql2, SQLTransform, true",
    "%log, LogExecute, false"
  })
  void aMagicIsTheStageItMeans(String word, String type, boolean warned) {
    JobSource job = notebook(word + " name=a\nSELECT 1");

    assertThat(job.blocks().get(0).object().get("type").unwrapped()).isEqualTo(type);
    assertThat(job.warnings()).hasSize(warned ? 1 : 0);
  }

  @Test
  void theWarningOfAMisspeltValidationNamesTheCell() {
    JobSource job = notebook("%sqlvaildate name=a\nSELECT true, ''");

    assertThat(job.warnings().get(0).headline())
        .isEqualTo("n.ipynb cell 1 line 1: %sqlvaildate runs as %sqlvalidate [UNKNOWN_MAGIC]");
  }

  @Test
  void authoringMagicsArePassedOverAndUnknownOnesRefused() {
    JobSource job = notebook("%printschema v", "%metadata\nv");

    assertThat(job.blocks()).isEmpty();
    assertThat(job.warnings()).isEmpty();
    assertThat(problems(notebookText("%printschema v", "%metdata v")))
        .extracting(Problem::headline)
        .containsExactly(
            "n.ipynb cell 2 line 1: %metdata is no magic;"
                + " did you mean \"%metadata\"? [UNKNOWN_MAGIC]");
  }

  @Test
  void variablesAndSettingsOfMagicsAreKept() {
    JobSource job = notebook("%env\nETL_CONF_A=1\n# no\nETL_CONF_B=\"x y\"", "%conf numRows=5");

    assertThat(job.defaults()).containsEntry("ETL_CONF_A", "1").containsEntry("ETL_CONF_B", "x y");
    assertThat(job.settings()).containsEntry("numRows", "5");
  }

  @Test
  void everyCellThatDoesNotParseIsReportedWithItsLine() {
    List<Problem> problems =
        problems(notebookText("{\n  type: A\n  name: [\n}", "{type: A, name: a}", "{type: \"A}"));

    assertThat(problems).extracting(Problem::code).containsOnly(ErrorCode.CONFIG_SYNTAX);
    assertThat(problems)
        .extracting(problem -> problem.position().source().cell())
        .containsExactly(1, 3);
  }

  @Test
  void aNotebookForAnotherKernelIsRefused() {
    String text = notebookText("{}").replace("\"arc\"", "\"python3\"");

    assertThat(problems(text).get(0).headline())
        .isEqualTo(
            "n.ipynb is no notebook of this engine: its kernel is \"python3\", not \"arc\";"
                + " choose the kernel Arc in Jupyter, or set metadata.kernelspec.name to \"arc\""
                + " [NOT_A_NOTEBOOK]");
  }

  @Test
  void textThatIsNoNotebookIsRefused() {
    assertThat(problems("stages: []").get(0).code()).isEqualTo(ErrorCode.BROKEN_NOTEBOOK);
    assertThat(problems("{}").get(0).code()).isEqualTo(ErrorCode.BROKEN_NOTEBOOK);
  }

  @Test
  void aFileWithoutStagesNamesTheKeysItHas() {
    JobException e =
        catchThrowableOfType(
            JobException.class, () -> JobReader.read("job.conf", "a { stages: [] }"));

    assertThat(e.problems().get(0).headline())
        .isEqualTo("job.conf has no key \"stages\"; its keys are [a] [NO_STAGES]");
  }

  @Test
  void stagesThatAreNoListOfObjectsAreRefused() {
    JobException e =
        catchThrowableOfType(
            JobException.class, () -> JobReader.read("job.conf", "\nstages: {a: 1}"));

    assertThat(e.problems().get(0).headline())
        .isEqualTo("job.conf line 2: \"stages\" must be a list of objects [WRONG_TYPE]");
  }

  private static List<Problem> problems(String notebook) {
    return catchThrowableOfType(JobException.class, () -> JobReader.read("n.ipynb", notebook))
        .problems();
  }

  private static JobSource notebook(String... cells) {
    return JobReader.read("n.ipynb", notebookText(cells));
  }

  private static String notebookText(String... cells) {
    ObjectNode notebook = emptyNotebook();
    for (String cell : cells) {
      ObjectNode node = ((ArrayNode) notebook.get("cells")).addObject();
      node.put("cell_type", "code");
      ArrayNode lines = node.putArray("source");
      for (String line : cell.split("(?<=\n)")) {
        lines.add(line);
      }
    }
    return notebook.toString();
  }

  private static ObjectNode emptyNotebook() {
    ObjectNode notebook = JSON.createObjectNode();
    notebook.putArray("cells").addObject().put("cell_type", "markdown").put("source", "# Title");
    notebook.putObject("metadata").putObject("kernelspec").put("name", "arc");
    notebook.put("nbformat", 4);
    return notebook;
  }
}
