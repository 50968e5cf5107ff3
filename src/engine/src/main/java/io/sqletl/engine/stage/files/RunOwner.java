package io.sqletl.engine.stage.files;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Who left something behind, and whether that process may still be at it.
 *
 * @param host the name of its machine
 * @param pid its process there
 * @param since when it was left, in milliseconds since the epoch
 */
public record RunOwner(String host, long pid, long since) {

  /** Clocks of processes are told in hundredths of seconds. */
  private static final long TOLERANCE = 1_000;

  private static final int RADIX = 36;

  /** Nobody can look at a process of another machine; a load does not take this long. */
  private static final Duration LONGEST_ELSEWHERE = Duration.ofDays(1);

  /** This process, now. */
  public static RunOwner current() {
    return new RunOwner(hostName(), ProcessHandle.current().pid(), Instant.now().toEpochMilli());
  }

  /** For a message. */
  public String text() {
    return "process " + pid + " on " + host;
  }

  /** Whether it is a process of this machine. */
  public boolean isHere() {
    return host.equals(hostName());
  }

  /** Whether the process is certain to be there. */
  public boolean isAlive() {
    return isHere()
        && ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            // A process that began later has the number of one that is gone
            .filter(start -> start.toEpochMilli() <= since + TOLERANCE)
            .isPresent()
        && !isDead();
  }

  /**
   * Whether the process is over, and only its number is kept for a parent that does not ask how it
   * ended; Java takes such a one for alive. Nothing is known of it but on Linux.
   */
  private boolean isDead() {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name before it, in brackets, may hold anything
      return stat.substring(stat.lastIndexOf(')') + 1).strip().matches("(?s)[ZXx]\\b.*");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the process is certain to be gone, or on another machine and so old that it is. */
  public boolean isGone() {
    return isHere()
        ? !isAlive()
        : Instant.ofEpochMilli(since).plus(LONGEST_ELSEWHERE).isBefore(Instant.now());
  }

  /** As a part of a name, of letters, digits and underscores, to the second; 20 at most. */
  public String token() {
    return tag(host) + "_" + Long.toString(pid, RADIX) + "_" + Long.toString(since / 1_000, RADIX);
  }

  /** From such a part of a name, in any letter case; empty for another. */
  public static Optional<RunOwner> ofToken(String token) {
    String[] parts = token.toLowerCase(Locale.ROOT).split("_");
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      String here = hostName();
      return Optional.of(
          new RunOwner(
              parts[0].equals(tag(here)) ? here : "elsewhere " + parts[0],
              Long.parseLong(parts[1], RADIX),
              // Cut to the second; a process does not begin after what it left
              Long.parseLong(parts[2], RADIX) * 1_000 + 999));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String tag(String host) {
    return Integer.toString(Math.floorMod(host.hashCode(), RADIX * RADIX * RADIX * RADIX), RADIX);
  }

  /** As one line of text. */
  String write() {
    return host + " " + pid + " " + since;
  }

  /** From such a line; empty for another text. */
  static Optional<RunOwner> read(String line) {
    String[] parts = line.strip().split(" ");
    try {
      return parts.length == 3
          ? Optional.of(new RunOwner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replace(' ', '-');
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
