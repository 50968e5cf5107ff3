package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.StagePlanning;
import java.util.Optional;

/** The keys that say where texts come from: files, or a column of a view. */
public record InputSource(
    @Key(
            value =
                "The URI of the input: a file, a directory, or a pattern with *, ?, [..] and {..,..};"
                    + " needed unless \"inputView\" is given.",
            role = Key.Role.INPUT_URI)
        Optional<String> inputURI,
    @Key(
            value = "The name of a view that holds the texts; counts before \"inputURI\".",
            role = Key.Role.INPUT_VIEW)
        Optional<String> inputView,
    @Key(
            "The column of \"inputView\" that holds the texts; without it the view must have one"
                + " string column and no other.")
        Optional<String> inputField) {

  /** Files alone. */
  static InputSource ofFiles(String uri) {
    return new InputSource(Optional.of(uri), Optional.empty(), Optional.empty());
  }

  /** Reports what is wrong with the keys. */
  void check(StagePlanning planning) {
    if (inputView.isPresent()) {
      return;
    }
    inputURI.ifPresentOrElse(
        uri -> DataUri.checkGlob(planning, "inputURI", uri),
        () ->
            planning.missing(
                "inputURI",
                planning.header().type() + " needs the key \"inputURI\" or \"inputView\""));
  }
}
