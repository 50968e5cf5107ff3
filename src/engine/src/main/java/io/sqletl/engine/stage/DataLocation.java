package io.sqletl.engine.stage;

import io.sqletl.engine.session.UriScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.shaded.com.google.re2j.PatternSyntaxException;

/**
 * Where data is, such that two spellings of one place are equal: with and without a slash at the
 * end, {@code ..}, relative or not, {@code s3} or {@code s3a}, through a symbolic link or not. A
 * part of it may be a pattern.
 *
 * @param store the scheme and the bucket or host; {@code file:} for local files
 * @param parts the names of the folders that lead there, and its own
 */
public record DataLocation(String store, List<String> parts) {

  private static final String LOCAL = "file:";
  private static final String SPECIAL = "*?[{";

  public DataLocation {
    parts = List.copyOf(parts);
  }

  /** The place of a URI or a path. */
  public static DataLocation of(String uri) {
    String scheme = UriScheme.of(uri);
    if (scheme.isEmpty() || scheme.equals("file")) {
      String path = scheme.isEmpty() ? uri : uri.substring(uri.indexOf(':') + 1);
      return new DataLocation(LOCAL, normal(real(path.replaceFirst("^//+", "/"))));
    }
    String rest = uri.substring(uri.indexOf(':') + 1).replaceFirst("^/+", "");
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    String kind = scheme.equals("s3") || scheme.equals("s3n") ? "s3a" : scheme;
    return new DataLocation(kind + "://" + authority, normal(path));
  }

  /** Absolute, with the links of what is there followed. */
  private static String real(String path) {
    try {
      int special = firstSpecial(path);
      int slash = special < 0 ? path.length() : path.lastIndexOf('/', special);
      Path fixed = Path.of(path.substring(0, Math.max(0, slash))).toAbsolutePath().normalize();
      String rest = path.substring(Math.max(0, slash));
      Path there = fixed;
      Deque<String> missing = new ArrayDeque<>();
      while (there != null && !Files.exists(there)) {
        if (there.getFileName() != null) {
          missing.push(there.getFileName().toString());
        }
        there = there.getParent();
      }
      Path real = there == null ? fixed : there.toRealPath();
      for (String name : missing) {
        real = real.resolve(name);
      }
      return real + "/" + rest;
    } catch (IOException | InvalidPathException e) {
      return path;
    }
  }

  private static int firstSpecial(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (SPECIAL.indexOf(path.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> normal(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.remove(parts.size() - 1);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  /** Whether it is a whole bucket, or the whole file system. */
  public boolean isRoot() {
    return parts.isEmpty();
  }

  /** Whether this is the other place or a folder above it; patterns count as what they may be. */
  public boolean holds(DataLocation other) {
    if (!store.equals(other.store)) {
      return false;
    }
    return alternatives().stream()
        .anyMatch(mine -> other.alternatives().stream().anyMatch(its -> startsWith(its, mine)));
  }

  /** Whether this is the same place, as far as patterns tell. */
  public boolean isAt(DataLocation other) {
    return holds(other) && other.holds(this);
  }

  /** Whether one of both is the other or above it. */
  public boolean overlaps(DataLocation other) {
    return holds(other) || other.holds(this);
  }

  /** The first name below this place on the way to another, which it holds. */
  public String firstBelow(DataLocation other) {
    return other.parts.size() > parts.size() ? other.parts.get(parts.size()) : "";
  }

  /** The folders without what stands in braces, which may hold slashes. */
  private List<List<String>> alternatives() {
    String path = String.join("/", parts);
    if (!path.contains("{")) {
      return List.of(parts);
    }
    try {
      return GlobExpander.expand(path).stream()
          .map(text -> Arrays.asList(text.split("/")))
          .toList();
    } catch (IOException e) {
      return Collections.singletonList(parts);
    }
  }

  private static boolean startsWith(List<String> path, List<String> start) {
    if (start.size() > path.size()) {
      return false;
    }
    for (int i = 0; i < start.size(); i++) {
      if (!meets(path.get(i), start.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean meets(String one, String other) {
    return one.equals(other) || matches(one, other) || matches(other, one);
  }

  private static boolean matches(String pattern, String name) {
    if (firstSpecial(pattern) < 0) {
      return false;
    }
    try {
      return new GlobPattern(pattern).matches(name);
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return store + "/" + String.join("/", parts);
  }
}
