package io.sqletl.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {

  private final List<Problem> problems = new ArrayList<>();

  @Test
  void theCommandLineWinsOverTheFileTheFileOverTheEnvironmentAndThatOverDefaults() {
    JobSource job = job("a: file, b: file, stages: [{v: [${a}, ${b}, ${c}, ${d}]}]");
    Variables variables =
        Variables.of(
            Map.of("a", "typed"),
            job,
            Map.of("a", "env", "b", "env", "c", "env"),
            Map.of("c", "default", "d", "default"));

    assertThat(resolve(job, variables).getStringList("v"))
        .containsExactly("typed", "file", "env", "default");
  }

  @Test
  void aBucketIsConcatenatedIntoAPath() {
    JobSource job = job("stages: [{uri: \"s3a://\"${BUCKET}\"/data/*.csv\"}]");

    assertThat(resolve(job, variables(job, Map.of("BUCKET", "lake"))).getString("uri"))
        .isEqualTo("s3a://lake/data/*.csv");
  }

  @Test
  void aValueIsTheTextThatWasTyped() {
    JobSource job = job("stages: [{v: ${V}}]");

    for (String typed : List.of("C:\\temp\\x", "a\"b\"c", "{\"k\": 1}", "", "50%", "a=b", "${")) {
      assertThat(resolve(job, variables(job, Map.of("V", typed))).getString("v")).isEqualTo(typed);
    }
  }

  @Test
  void aSubstitutionInsideATypedValueStillResolves() {
    JobSource job = job("arc { paramvalue: middle }, stages: [{v: ${V}}]");

    assertThat(
            resolve(job, variables(job, Map.of("V", "before\"${arc.paramvalue}\"after")))
                .getString("v"))
        .isEqualTo("beforemiddleafter");
  }

  @Test
  void allThatNothingDefinesIsReportedEachOnce() {
    JobSource job = job("stages: [\n{a: ${ONE}\n b: \"x\"${TWO}\n c: ${ONE}, d: ${?THREE}}]");

    assertThat(variables(job, Map.of("ETL_TWO", "x")).resolve(job.blocks().get(0), problems::add))
        .isEmpty();
    assertThat(problems)
        .extracting(Problem::headline)
        .containsExactlyInAnyOrder(
            "job.conf line 2: Nothing defines ${ONE};"
                + " pass --ONE=VALUE or set it in the environment [UNRESOLVED_VARIABLE]",
            "job.conf line 3: Nothing defines ${TWO};"
                + " pass --TWO=VALUE or set it in the environment [UNRESOLVED_VARIABLE]");
  }

  /** A name in quotes that holds what ends it, and one in whose place a text does not fit. */
  @ParameterizedTest
  @ValueSource(strings = {"${\"x}y\"}", "[1] ${ONE}"})
  void whatNothingDefinesIsAllThatIsSaid(String value) {
    JobSource job = job("stages: [{a: " + value + "}]");

    assertThat(variables(job, Map.of()).resolve(job.blocks().get(0), problems::add)).isEmpty();
    assertThat(problems)
        .singleElement()
        .extracting(Problem::code)
        .isEqualTo(ErrorCode.UNRESOLVED_VARIABLE);
  }

  @Test
  void aVariableOfAlmostTheNameIsSuggested() {
    JobSource job = job("stages: [{a: ${ETL_CONF_BUKCET}}]");

    variables(job, Map.of("ETL_CONF_BUCKET", "x")).resolve(job.blocks().get(0), problems::add);

    assertThat(problems.get(0).remedy())
        .isEqualTo(
            "pass --ETL_CONF_BUKCET=VALUE or set it in the environment, or did you mean"
                + " \"ETL_CONF_BUCKET\"?");
  }

  private Config resolve(JobSource job, Variables variables) {
    Config config = variables.resolve(job.blocks().get(0), problems::add).orElseThrow();
    assertThat(problems).isEmpty();
    return config;
  }

  private static Variables variables(JobSource job, Map<String, String> commandLine) {
    return Variables.of(commandLine, job, Map.of(), Map.of());
  }

  private static JobSource job(String text) {
    return JobReader.read("job.conf", text);
  }
}
