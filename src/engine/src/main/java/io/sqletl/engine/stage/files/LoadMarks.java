package io.sqletl.engine.stage.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The marks that a load sets in the folder that it writes, so that readers see the old files or the
 * new ones and never both, in stores that can swap no folders. All new files have the load's id in
 * their names. While {@code ID.loading} is there, files with the id do not count; once {@code
 * ID.loaded} is there, only those do. Each change of what readers see is the making or the removal
 * of one object. When the load has ended, no mark is left.
 *
 * @param loading ids of loads whose files do not count yet
 * @param loaded ids of loads whose files alone count
 */
public record LoadMarks(Set<String> loading, Set<String> loaded) {

  /** The folder of the marks; readers pass over names that begin so. */
  public static final String FOLDER = "_sqletl_load";

  private static final String LOADING = ".loading";
  private static final String LOADED = ".loaded";

  /** How often a load says that it is at work, in seconds. */
  public static final long BEAT_SECONDS = 20;

  /** The system property that says how long a mark stays as it is when its load is gone, in s. */
  public static final String QUIET = "sqletl.load.quietSeconds";

  /** Beyond, the clock of the storage is believed. */
  private static final Duration LONGEST_CLOCK_DIFFERENCE = Duration.ofMinutes(15);

  /** Loads of this process; one that is not among them has ended, though the process lives. */
  private static final Set<String> ACTIVE = ConcurrentHashMap.newKeySet();

  /** No load is under way, nor was one killed. */
  public static final LoadMarks NONE = new LoadMarks(Set.of(), Set.of());

  /** The marks of a folder. */
  public static LoadMarks of(FileSystem storage, Path folder) throws IOException {
    Set<String> loading = new HashSet<>();
    Set<String> loaded = new HashSet<>();
    for (FileStatus mark : marks(storage, folder)) {
      String name = mark.getPath().getName();
      if (name.endsWith(LOADING)) {
        loading.add(id(name, LOADING));
      } else if (name.endsWith(LOADED)) {
        loaded.add(id(name, LOADED));
      }
    }
    loading.removeAll(loaded);
    return loading.isEmpty() && loaded.isEmpty() ? NONE : new LoadMarks(loading, loaded);
  }

  private static FileStatus[] marks(FileSystem storage, Path folder) throws IOException {
    try {
      return storage.listStatus(new Path(folder, FOLDER));
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private static String id(String name, String ending) {
    return name.substring(0, name.length() - ending.length());
  }

  /** Whether a file of the folder counts. */
  public boolean isVisible(String file) {
    return loaded.isEmpty()
        ? loading.stream().noneMatch(file::contains)
        : loaded.stream().anyMatch(file::contains);
  }

  /** The load begins: files with its id do not count from now on. */
  public static void begin(FileSystem storage, Path folder, String id) throws IOException {
    ACTIVE.add(id);
    put(storage, mark(folder, id, LOADING));
  }

  /** The new files are complete and replace all others. */
  public static void replaced(FileSystem storage, Path folder, String id) throws IOException {
    put(storage, mark(folder, id, LOADED));
  }

  /** What is in the folder counts. */
  public static void end(FileSystem storage, Path folder, String id) throws IOException {
    storage.delete(mark(folder, id, LOADING), /* recursive */ false);
    storage.delete(mark(folder, id, LOADED), /* recursive */ false);
    Path marks = new Path(folder, FOLDER);
    if (marks(storage, folder).length == 0) {
      storage.delete(marks, /* recursive */ true);
    }
    ACTIVE.remove(id);
  }

  /** The load is over in this process, whatever it left. */
  public static void forget(String id) {
    ACTIVE.remove(id);
  }

  private static void put(FileSystem storage, Path mark) throws IOException {
    try (OutputStream stream = storage.create(mark, /* overwrite */ true)) {
      stream.write(RunOwner.current().write().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Path mark(Path folder, String id, String ending) {
    return new Path(new Path(folder, FOLDER), id + ending);
  }

  /**
   * A load of another process that is at work in the folder now. One of another machine says so by
   * writing its mark anew every {@value #BEAT_SECONDS} seconds; a mark that stays as it is for as
   * long as three of these is that of a load that was killed. It is waited for, as clocks of two
   * machines may differ.
   */
  public static Optional<RunOwner> active(FileSystem storage, Path folder) throws IOException {
    for (FileStatus mark : marks(storage, folder)) {
      Optional<RunOwner> owner = owner(storage, mark.getPath());
      boolean here = owner.filter(RunOwner::isHere).isPresent();
      boolean own =
          here && owner.filter(run -> run.pid() == ProcessHandle.current().pid()).isPresent();
      String name = mark.getPath().getName();
      boolean alive =
          own
              ? ACTIVE.contains(id(name, name.endsWith(LOADED) ? LOADED : LOADING))
              : here
                  ? owner.filter(RunOwner::isAlive).isPresent()
                  : owner.isPresent() && beats(storage, folder, mark);
      if (alive) {
        return owner;
      }
    }
    return Optional.empty();
  }

  private static boolean beats(FileSystem storage, Path folder, FileStatus mark)
      throws IOException {
    long quiet = Duration.ofSeconds(Long.getLong(QUIET, 3 * BEAT_SECONDS)).toMillis();
    long age = System.currentTimeMillis() - mark.getModificationTime();
    if (age > LONGEST_CLOCK_DIFFERENCE.toMillis() + quiet) {
      return false;
    }
    long until = System.nanoTime() + quiet * 1_000_000;
    while (System.nanoTime() < until) {
      try {
        Thread.sleep(Math.min(quiet, 1_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while another load may be at work");
      }
      Optional<FileStatus> now = find(storage, folder, mark.getPath().getName());
      if (now.isEmpty()) {
        return false;
      }
      if (now.get().getModificationTime() != mark.getModificationTime()) {
        return true;
      }
    }
    return false;
  }

  private static Optional<FileStatus> find(FileSystem storage, Path folder, String name)
      throws IOException {
    return Arrays.stream(marks(storage, folder))
        .filter(mark -> mark.getPath().getName().equals(name))
        .findFirst();
  }

  /** Writes the mark of a load that is at work anew, so that other machines see that it is. */
  public static void beat(FileSystem storage, Path folder, String id) throws IOException {
    put(storage, mark(folder, id, LOADING));
  }

  /**
   * When the oldest load began that left a mark, in milliseconds since the epoch by the clock of
   * the storage; nothing without a mark.
   */
  public static OptionalLong since(FileSystem storage, Path folder) throws IOException {
    return Arrays.stream(marks(storage, folder)).mapToLong(FileStatus::getModificationTime).min();
  }

  /** Whether all loads that left a mark are certain to be over, but for one. */
  public static boolean areOver(FileSystem storage, Path folder, String except) throws IOException {
    for (FileStatus mark : marks(storage, folder)) {
      String name = mark.getPath().getName();
      String id = id(name, name.endsWith(LOADED) ? LOADED : LOADING);
      Optional<RunOwner> owner = owner(storage, mark.getPath());
      boolean own =
          owner
              .filter(run -> run.isHere() && run.pid() == ProcessHandle.current().pid())
              .isPresent();
      boolean isOver = own ? !ACTIVE.contains(id) : owner.filter(RunOwner::isGone).isPresent();
      if (!id.equals(except) && !isOver) {
        return false;
      }
    }
    return true;
  }

  /** Removes the marks of all loads. */
  public static void clear(FileSystem storage, Path folder) throws IOException {
    storage.delete(new Path(folder, FOLDER), /* recursive */ true);
  }

  private static Optional<RunOwner> owner(FileSystem storage, Path mark) throws IOException {
    try (InputStream stream = storage.open(mark)) {
      return RunOwner.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * Puts right what killed loads left: their files go, or those that they replaced, and then the
   * marks.
   *
   * @param files all files of the folder that hold data
   * @return the files that were removed
   */
  public static List<Path> repair(FileSystem storage, Path folder, Collection<Path> files)
      throws IOException {
    LoadMarks marks = of(storage, folder);
    List<Path> removed = new ArrayList<>();
    for (Path file : files) {
      if (!marks.isVisible(file.getName())) {
        storage.delete(file, /* recursive */ false);
        removed.add(file);
      }
    }
    for (String id : marks.loading()) {
      end(storage, folder, id);
    }
    for (String id : marks.loaded()) {
      end(storage, folder, id);
    }
    storage.delete(new Path(folder, FOLDER), /* recursive */ true);
    return removed;
  }
}
