package io.sqletl.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.cli.ArcStages.ArcKey;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.Refusal;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nothing that the format knows is passed over: it works, or it is refused by name. */
class ReferenceMatrixTest {

  private static final Map<String, List<ArcKey>> ARC = ArcStages.read();

  private final StageTypes types = StageTypes.load();
  private final Refusals refusals = Refusals.load();

  @Test
  void everyTypeWorksOrIsRefused() {
    List<String> missing = new ArrayList<>(ARC.keySet());
    missing.remove(ArcStages.EVERY);
    missing.removeAll(types.names());
    missing.removeAll(refusals.types().keySet());

    assertThat(missing).as("neither a stage nor in refusals.conf").isEmpty();
  }

  @Test
  void everyKeyWorksOrIsRefused() {
    List<String> wrong = new ArrayList<>();
    for (StageType<?> type : types.all()) {
      Map<String, KeySpec> keys = keys(type.configuration());
      for (ArcKey key : ARC.getOrDefault(type.name(), List.of())) {
        compare(type.name(), key, keys.get(key.name()), refusals.keys(type.name()))
            .ifPresent(wrong::add);
      }
    }
    Map<String, KeySpec> header = keys(StageHeader.class);
    for (ArcKey key : ARC.get(ArcStages.EVERY)) {
      compare("Every stage", key, header.get(key.name()), Map.of()).ifPresent(wrong::add);
    }

    assertThat(wrong).isEmpty();
  }

  private static Optional<String> compare(
      String type, ArcKey key, KeySpec spec, Map<String, Refusal> refused) {
    String name = type + "." + key.name();
    if (spec == null) {
      return refused.containsKey(key.name())
          ? Optional.empty()
          : Optional.of(name + " is neither a key nor in refusals.conf");
    }
    if (refused.containsKey(key.name())) {
      return Optional.of(name + " is both a key and in refusals.conf");
    }
    if (spec.declaration().required() != key.required()) {
      return Optional.of(name + (key.required() ? " is not required" : " is required"));
    }
    String value = spec.declaration().defaultValue();
    return key.defaultValue().isPresent() && !key.defaultValue().get().equals(value)
        ? Optional.of(name + " has not the default " + key.defaultValue().get() + ": " + value)
        : Optional.empty();
  }

  @Test
  void onlyWhatDoesNotWorkIsRefused() {
    Set<String> refused = new TreeSet<>(refusals.types().keySet());
    refused.retainAll(types.names());
    assertThat(refused).as("refused, and there").isEmpty();

    List<String> strangers = new ArrayList<>();
    refusals
        .keys()
        .forEach(
            (type, keys) -> {
              if (types.find(type).isEmpty()) {
                strangers.add(type);
              } else {
                keys.keySet().stream()
                    .filter(keys(types.find(type).orElseThrow().configuration())::containsKey)
                    .forEach(key -> strangers.add(type + "." + key));
              }
            });
    assertThat(strangers).as("refused keys of no stage, or that work").isEmpty();
  }

  @Test
  void aRefusalSaysWhyAndWhatInstead() {
    Stream.of(
            refusals.types().values().stream(),
            refusals.plugins().values().stream(),
            refusals.keys().values().stream().flatMap(keys -> keys.values().stream()))
        .flatMap(refused -> refused)
        .forEach(
            refusal -> {
              assertThat(refusal.reason()).isNotBlank().doesNotEndWith(".");
              assertThat(refusal.instead()).isNotBlank().doesNotEndWith(".");
            });
  }

  /** The keys of a record by name, those within objects as {@code a.b}. */
  private static Map<String, KeySpec> keys(Class<? extends Record> configuration) {
    Map<String, KeySpec> keys = new TreeMap<>();
    for (KeySpec spec : KeySpec.of(configuration)) {
      keys.put(spec.name(), spec);
      if (spec.valueType().isRecord()) {
        keys(spec.valueType().asSubclass(Record.class))
            .forEach((name, inner) -> keys.put(spec.name() + "." + name, inner));
      }
    }
    return keys;
  }
}
