package io.sqletl.engine.stage.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.http.HttpAnswer;
import io.sqletl.engine.stage.http.HttpSender;
import io.sqletl.engine.stage.http.HttpUri;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Posts once to a server, to make it do something. */
public final class HTTPExecuteStage implements StageType<HTTPExecute> {

  @Override
  public Class<HTTPExecute> configuration() {
    return HTTPExecute.class;
  }

  @Override
  public String description() {
    return "Posts a JSON object to a server once, from the driver; what it answers is passed over,"
        + " but not its status.";
  }

  @Override
  public Stage plan(HTTPExecute keys, StagePlanning planning) {
    HttpUri.check(planning, "uri", keys.uri());
    keys.request().check(planning);
    return context -> {
      post(keys, context);
      return Optional.empty();
    };
  }

  private static void post(HTTPExecute keys, StageContext context) throws JsonProcessingException {
    try (HttpSender sender = new HttpSender("HTTPExecute", keys.request().headers())) {
      HttpAnswer answer =
          keys.payloads().isEmpty()
              ? sender.post(keys.uri(), "")
              : sender.postJson(keys.uri(), new ObjectMapper().writeValueAsString(keys.payloads()));
      Map<String, Object> response = new LinkedHashMap<>();
      response.put("statusCode", answer.status());
      response.put("reasonPhrase", answer.reason());
      context.detail("response", response);
      sender
          .expecting(keys.request().validStatusCodes(), "HTTPExecute expects a response StatusCode")
          .require(answer, keys.uri(), /* sent= */ null);
    }
  }
}
