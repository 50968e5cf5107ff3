package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.http.HttpRequestKeys;

/** The keys of HTTPTransform. */
public record HTTPTransform(
    @Key(value = "Where rows are sent.", required = true) String uri,
    @Key(value = "The view whose rows are sent.", required = true, role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @Key(
            value =
                "The column of text or binary that is sent; a row in which it is null is not sent,"
                    + " and its body is null.",
            defaultValue = "value")
        String inputField,
    @KeyGroup HttpRequestKeys request,
    @Key(value = "How many rows are sent together, at least 1.", defaultValue = "1") int batchSize,
    @Key(
            value =
                "What stands between the rows of a request, and, as a regular expression, between"
                    + " those of its answer, when \"batchSize\" is more than 1; a value that holds"
                    + " it fails the run before its batch is sent.",
            defaultValue = "\n")
        String delimiter,
    @Key(
            value =
                "What happens to an answer with another status: the run fails, or the column"
                    + " response has it; permissive adds that column to every row.",
            defaultValue = "failfast")
        OnStatus failMode) {

  /** What happens to an answer whose status is not valid. */
  public enum OnStatus implements KeyText {
    PERMISSIVE("permissive"),
    FAILFAST("failfast");

    private final String text;

    OnStatus(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
