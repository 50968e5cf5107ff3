package io.sqletl.engine.stage.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a file cannot be read in which nothing is broken: it is written in a way that the libraries
 * here do not know.
 *
 * @param reason what it has
 * @param remedy what to do, as nothing is to be repaired
 */
public record SoundFile(String reason, String remedy) {

  /** A class that Parquet looks for when a file names it, and the codec in a file of Avro. */
  private static final Pattern CODEC =
      Pattern.compile(
          "(?:compress(?:ion)?\\.(?:\\w+\\.)*(\\w+)Codec|Unrecognized codec: (\\w+))\\b");

  /** What the Java library of ORC says of a part of a second that its C++ library wrote. */
  private static final String ORC_NANOSECONDS = "nanos > 999999999 or < 0";

  /**
   * What is known of a failure.
   *
   * @param message of the library; may be null
   * @return nothing where the file may be broken
   */
  public static Optional<SoundFile> of(String message) {
    if (message == null) {
      return Optional.empty();
    }
    Matcher codec = CODEC.matcher(message);
    if (codec.find()) {
      String name = codec.group(1) == null ? codec.group(2) : codec.group(1);
      return Optional.of(
          new SoundFile(
              "it is compressed with " + name + ", and there is no codec for that here",
              "the file is sound: have it written with zstd or snappy"));
    }
    return message.contains(ORC_NANOSECONDS)
        ? Optional.of(
            new SoundFile(
                "it holds a time before 1970 with a fraction of a second, as ORC's C++ library"
                    + " (pyarrow) writes it, and the Java library cannot read it",
                "the file is sound: have it written as Parquet"))
        : Optional.empty();
  }
}
