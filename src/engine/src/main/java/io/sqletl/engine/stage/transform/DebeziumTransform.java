package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Optional;

/** The keys of DebeziumTransform. */
public record DebeziumTransform(
    @Key(
            value =
                "The view of change events as a KafkaExtract makes it: key, value, topic and offset,"
                    + " key and value being Debezium's JSON.",
            required = true,
            role = Key.Role.INPUT_VIEW)
        String inputView,
    @KeyGroup OutputView output,
    @KeyGroup SchemaChoice source,
    @Key(
            value =
                "Whether each event has to follow from the one before it, else the run fails; when"
                    + " false the last event of a key counts, whatever was before it.",
            defaultValue = "true")
        boolean strict,
    @Key(
            value = "The name of a view of the rows that were there before the events.",
            role = Key.Role.INPUT_VIEW)
        Optional<String> initialStateView,
    @Key("The column of that view which is the key of its rows; needed with it.")
        Optional<String> initialStateKey,
    @Key(
            value =
                "What becomes of a large value that did not change, which connectors leave out: the"
                    + " value of the event before is kept, and one that is not known is null and"
                    + " counts as rejected; or it is null, and counts.",
            defaultValue = "keep")
        Unavailable unavailableValues,
    @Key(
            value = "The text that the connector writes in place of such a value.",
            defaultValue = "__debezium_unavailable_value")
        String unavailablePlaceholder,
    @KeyGroup StorageAccess access) {

  /** What becomes of a value that was not sent. */
  public enum Unavailable implements KeyText {
    KEEP("keep"),
    NULL("null");

    private final String text;

    Unavailable(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }
}
