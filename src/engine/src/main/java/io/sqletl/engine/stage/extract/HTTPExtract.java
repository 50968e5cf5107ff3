package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.http.HttpRequestKeys;
import java.util.Optional;

/** The keys of HTTPExtract. */
public record HTTPExtract(
    @Key(
            value = "The address that is asked; needed unless \"inputView\" is given.",
            role = Key.Role.INPUT_URI)
        Optional<String> inputURI,
    @Key(
            value = "The name of a view with a request in each row; counts before \"inputURI\".",
            role = Key.Role.INPUT_VIEW)
        Optional<String> inputView,
    @KeyGroup OutputView output,
    @Key(value = "How it is asked; a GET has no body.", defaultValue = "GET") Method method,
    @Key("The body of each POST.") Optional<String> body,
    @Key("The column of \"inputView\" that holds the addresses; the first when left out.")
        Optional<String> uriField,
    @Key("The column of \"inputView\" that holds the bodies; counts before \"body\".")
        Optional<String> bodyField,
    @KeyGroup HttpRequestKeys request) {

  /** How a server is asked. */
  public enum Method {
    GET,
    POST
  }
}
