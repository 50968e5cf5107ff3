package io.sqletl.engine.job;

import java.util.Arrays;
import java.util.List;

/** A choice of a key, for choices whose text in a job file is not their Java name. */
public interface KeyText {

  /** The text in a job file, compared exactly. */
  String text();

  /** The text of any enum constant: its own, or its Java name. */
  static String of(Enum<?> constant) {
    return constant instanceof KeyText named ? named.text() : constant.name();
  }

  /** The texts of a key's choices, in order of declaration. */
  static List<String> choices(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(KeyText::of).toList();
  }
}
