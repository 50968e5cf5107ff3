package io.sqletl.engine.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import org.apache.spark.SparkConf;
import org.apache.spark.Success$;
import org.apache.spark.deploy.SparkHadoopUtil$;
import org.apache.spark.scheduler.EventLoggingListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEnvironmentUpdate;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.JsonProtocol;
import scala.Option;

/**
 * Spark's event log without the secrets of a job. Spark itself hides settings by their names and
 * texts by a pattern, which it writes into the log as one of its settings, and which it does not
 * ask about every plan; here the values themselves are taken out of every event that holds a text.
 *
 * <p>Spark makes it, as one of {@code spark.extraListeners}.
 */
public final class RedactedEventLog extends EventLoggingListener {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private boolean closed;

  /**
   * For Spark.
   *
   * @param conf the settings of a session that is being made, which has its number already
   */
  public RedactedEventLog(SparkConf conf) {
    super(
        conf.getAppId(),
        Option.empty(),
        URI.create(conf.get("spark.eventLog.dir")),
        conf,
        SparkHadoopUtil$.MODULE$.get().newConfiguration(conf));
    start();
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    super.onStageSubmitted(copied(event));
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted event) {
    super.onStageCompleted(copied(event));
  }

  @Override
  public void onJobStart(SparkListenerJobStart event) {
    super.onJobStart(copied(event));
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd event) {
    super.onJobEnd(clean(event));
  }

  @Override
  public void onEnvironmentUpdate(SparkListenerEnvironmentUpdate event) {
    super.onEnvironmentUpdate(clean(event));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    // The others hold numbers alone, and there are many of them
    super.onTaskEnd(event.reason().equals(Success$.MODULE$) ? event : clean(event));
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (!closed) {
      super.onOtherEvent(clean(event));
    }
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    super.onApplicationEnd(event);
    // Spark ends the log that it made, and knows of no other
    closed = true;
    stop();
  }

  private static <T extends SparkListenerEvent> T clean(T event) {
    JsonNode json = json(event);
    return RedactedJson.apply(json, OutputRedaction::apply) ? event(json) : event;
  }

  /**
   * Without secrets too. Spark goes on to write into what such an event says of a stage, so that it
   * may have a secret after it was looked at: why the stage failed.
   */
  private static <T extends SparkListenerEvent> T copied(T event) {
    JsonNode json = json(event);
    RedactedJson.apply(json, OutputRedaction::apply);
    return event(json);
  }

  private static JsonNode json(SparkListenerEvent event) {
    try {
      return MAPPER.readTree(JsonProtocol.sparkEventToJsonString(event));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the kind that the JSON was made of. */
  @SuppressWarnings("unchecked")
  private static <T extends SparkListenerEvent> T event(JsonNode json) {
    return (T) JsonProtocol.sparkEventFromJson(json);
  }
}
