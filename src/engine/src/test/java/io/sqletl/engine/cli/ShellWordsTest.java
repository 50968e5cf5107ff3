package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What workflows written for Arc pass in one text reaches the engine as words. */
class ShellWordsTest {

  private static final String TAXI =
      "--ETL_CONF_DATA_URL=s3a://nyc-tlc/trip*data --ETL_CONF_JOB_URL=https://example.org/jobs";

  @Test
  void splitsAtWhiteSpaceAndExpandsNothing() {
    assertThat(ShellWords.split(TAXI))
        .containsExactly(
            "--ETL_CONF_DATA_URL=s3a://nyc-tlc/trip*data",
            "--ETL_CONF_JOB_URL=https://example.org/jobs");
    assertThat(ShellWords.split(" \n ")).isEmpty();
    assertThat(ShellWords.split("--A=${B} ~ *")).containsExactly("--A=${B}", "~", "*");
  }

  @Test
  void keepsWhatIsQuotedTogether() {
    assertThat(ShellWords.split("--A=\"two words\" '--B=it is' \"\" c\\ d"))
        .containsExactly("--A=two words", "--B=it is", "", "c d");
    assertThat(ShellWords.split("--D=\"'2026-01-01 10:00:00'\" --E='a\\b' --F=\"a\\\"b\\c\""))
        .containsExactly("--D='2026-01-01 10:00:00'", "--E=a\\b", "--F=a\"b\\c");
  }

  @Test
  void joinsLinesAtABackslash() {
    assertThat(ShellWords.split("--conf a=b \\\n --conf c=d\\\ne"))
        .containsExactly("--conf", "a=b", "--conf", "c=de");
  }

  @Test
  void refusesWhatAShellWouldRunOrNotTake() {
    assertThatThrownBy(() -> ShellWords.split("--A=$(date +%F)"))
        .hasMessage("A shell would run a command at character 5, $(date +%F), and none runs here");
    assertThatThrownBy(() -> ShellWords.split("--A=\"`date`\""))
        .hasMessageContaining("character 6");
    assertThat(ShellWords.split("'$(date)' \"\\`\"")).containsExactly("$(date)", "`");
    assertThatThrownBy(() -> ShellWords.split("--A=1 '--B=2"))
        .hasMessage("The quote at character 7, '--B=2, is not closed");
    assertThatThrownBy(() -> ShellWords.split("a \"b")).hasMessageContaining("not closed");
    assertThatThrownBy(() -> ShellWords.split("a\\")).hasMessageContaining("last backslash");
  }

  @Test
  void followTheArgumentsOfACommandThatTakesAJob() {
    Map<String, String> environment = Map.of("ETL_ARGUMENTS", "--conf a=b --C=\"d e\"");
    assertThat(List.of(Main.withMore(new String[] {"run", "x.ipynb"}, environment)))
        .containsExactly("run", "x.ipynb", "--conf", "a=b", "--C=d e");
    assertThat(Main.withMore(new String[] {"stages"}, environment)).containsExactly("stages");
    assertThat(Main.withMore(new String[] {}, environment)).isEmpty();
    assertThat(Main.withMore(new String[] {"run"}, Map.of())).containsExactly("run");
  }
}
