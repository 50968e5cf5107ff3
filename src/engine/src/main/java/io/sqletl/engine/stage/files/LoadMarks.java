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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks that a load sets in the folder that it writes, so that readers see the old files or the
 * new ones and never both, in stores that can swap no folders. All new files have the load's id in
 * their names. While {@code ID.loading} is there, files with the id do not count; once {@code
 * ID.loaded} is there, only those do. Each change of what readers see is the making or the removal
 * of one object. When the load has ended, no mark is left.
 *
 * <p>{@code ID.claimed} says of a load that it alone may write the folder; readers do not look at
 * it. It is there from before the load looks at the folder until the load is over.
 *
 * @param loading ids of loads whose files do not count yet
 * @param loaded ids of loads whose files alone count
 */
public record LoadMarks(Set<String> loading, Set<String> loaded) {

  /** The folder of the marks; readers pass over names that begin so. */
  public static final String FOLDER = "_sqletl_load";

  private static final Logger LOG = LoggerFactory.getLogger(LoadMarks.class);
  private static final int ATTEMPTS = 5;

  private static final String LOADING = ".loading";
  private static final String LOADED = ".loaded";
  private static final String CLAIMED = ".claimed";

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

  private static String id(String name) {
    int ending = name.lastIndexOf('.');
    return ending < 0 ? name : name.substring(0, ending);
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
    removeFolder(storage, folder);
    ACTIVE.remove(id);
  }

  /** Removes the folder of the marks if there are none; another load may set one at this moment. */
  private static void removeFolder(FileSystem storage, Path folder) throws IOException {
    if (marks(storage, folder).length == 0) {
      removeIfEmpty(storage, new Path(folder, FOLDER));
    }
  }

  /** Removes a folder that holds nothing. What others put there meanwhile stays. */
  public static void removeIfEmpty(FileSystem storage, Path folder) throws IOException {
    if (storage instanceof LocalFileSystem local) {
      // In one step, where Hadoop looks first and deletes all that is there then
      if (!local.pathToFile(folder).delete()) {
        LOG.debug("{} stays, as something is in it or it is gone", folder);
      }
      return;
    }
    try {
      if (storage.exists(folder) && storage.listStatus(folder).length == 0) {
        storage.delete(folder, /* recursive */ false);
      }
    } catch (FileNotFoundException e) {
      LOG.debug("{} is gone", folder);
    } catch (PathIsNotEmptyDirectoryException e) {
      LOG.debug("{} stays, as others put something there just now", folder);
    }
  }

  /**
   * Says that a load is about to write the folder. Whoever says so and then sees no {@link #active
   * other} load has the folder to itself, for any later one sees this mark.
   */
  public static void claim(FileSystem storage, Path folder, String id) throws IOException {
    ACTIVE.add(id);
    Path mark = mark(folder, id, CLAIMED);
    for (int attempt = 1; !isClaimed(storage, folder, id); attempt++) {
      try {
        put(storage, mark);
      } catch (FileNotFoundException e) {
        // Another load may be over at this moment, and remove the folders that are empty
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Whether the mark of {@link #claim} is there; another load removes that of one that is dead. */
  public static boolean isClaimed(FileSystem storage, Path folder, String id) throws IOException {
    return storage.exists(mark(folder, id, CLAIMED));
  }

  /** Says that a load has the folder no more. */
  public static void release(FileSystem storage, Path folder, String id) throws IOException {
    try {
      storage.delete(mark(folder, id, CLAIMED), /* recursive */ false);
      removeFolder(storage, folder);
    } finally {
      ACTIVE.remove(id);
    }
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
   * A load that is at work in the folder now. One of another machine says so by writing its mark
   * anew every {@value #BEAT_SECONDS} seconds; a mark that stays as it is for as long as three of
   * these is that of a load that was killed. It is waited for, as clocks of two machines may
   * differ.
   *
   * @param except the id of the load that asks
   */
  public static Optional<RunOwner> active(FileSystem storage, Path folder, String except)
      throws IOException {
    Duration quiet = Duration.ofSeconds(Long.getLong(QUIET, 3 * BEAT_SECONDS));
    Map<String, Seen> watched = new HashMap<>();
    while (true) {
      boolean isDecided = true;
      for (FileStatus mark : marks(storage, folder)) {
        String name = mark.getPath().getName();
        if (id(name).equals(except)) {
          continue;
        }
        // Nothing where the mark is gone again, or is being written
        Optional<RunOwner> owner = owner(storage, mark.getPath());
        if (owner.filter(RunOwner::isHere).isPresent()) {
          if (isAtWork(owner.get(), name)) {
            return owner;
          }
          continue;
        }
        Seen now = new Seen(mark.getModificationTime(), System.nanoTime());
        Seen before = watched.putIfAbsent(name, now);
        if (before != null && before.written() != now.written() && owner.isPresent()) {
          return owner;
        }
        Seen first = before == null ? now : before;
        isDecided &=
            now.at() - first.at() >= quiet.toNanos()
                || now.age().compareTo(LONGEST_CLOCK_DIFFERENCE.plus(quiet)) > 0;
      }
      if (isDecided) {
        return Optional.empty();
      }
      try {
        Thread.sleep(Math.min(quiet.toMillis(), 1_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while another load may be at work");
      }
    }
  }

  /**
   * A mark as it was seen.
   *
   * @param written when it was written, in milliseconds since the epoch by the storage's clock
   * @param at when it was seen, in nanoseconds of this process
   */
  private record Seen(long written, long at) {

    Duration age() {
      return Duration.ofMillis(System.currentTimeMillis() - written);
    }
  }

  private static boolean isAtWork(RunOwner owner, String mark) {
    return owner.pid() == ProcessHandle.current().pid()
        ? ACTIVE.contains(id(mark))
        : owner.isAlive();
  }

  /**
   * Whether a load of files has the folder to itself, so far as that can be said without waiting.
   */
  public static Optional<RunOwner> claimant(FileSystem storage, Path folder) throws IOException {
    for (FileStatus mark : marks(storage, folder)) {
      if (mark.getPath().getName().endsWith(CLAIMED)) {
        Optional<RunOwner> owner = owner(storage, mark.getPath());
        if (owner.isPresent()
            && (owner.get().isHere()
                ? isAtWork(owner.get(), mark.getPath().getName())
                : new Seen(mark.getModificationTime(), 0).age().toSeconds() < 3 * BEAT_SECONDS)) {
          return owner;
        }
      }
    }
    return Optional.empty();
  }

  /** Writes the claim of a load that is at work anew, so that other machines see that it is. */
  public static void beat(FileSystem storage, Path folder, String id) throws IOException {
    if (isClaimed(storage, folder, id)) {
      put(storage, mark(folder, id, CLAIMED));
    }
  }

  /**
   * When the oldest load began that left a mark, in milliseconds since the epoch by the clock of
   * the storage; nothing without a mark.
   */
  public static OptionalLong since(FileSystem storage, Path folder) throws IOException {
    return Arrays.stream(marks(storage, folder))
        .filter(mark -> !mark.getPath().getName().endsWith(CLAIMED))
        .mapToLong(FileStatus::getModificationTime)
        .min();
  }

  /** Whether all loads that left a mark are certain to be over, but for one. */
  public static boolean areOver(FileSystem storage, Path folder, String except) throws IOException {
    for (FileStatus mark : marks(storage, folder)) {
      String id = id(mark.getPath().getName());
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

  /** Removes the marks of all loads, but of one. */
  public static void clear(FileSystem storage, Path folder, String except) throws IOException {
    for (FileStatus mark : marks(storage, folder)) {
      if (!id(mark.getPath().getName()).equals(except)) {
        storage.delete(mark.getPath(), /* recursive */ false);
      }
    }
    removeFolder(storage, folder);
  }

  private static Optional<RunOwner> owner(FileSystem storage, Path mark) throws IOException {
    try (InputStream stream = storage.open(mark)) {
      return RunOwner.read(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether there is a mark of another load than this one. */
  public static boolean areOfOthers(FileSystem storage, Path folder, String own)
      throws IOException {
    return Arrays.stream(marks(storage, folder))
        .anyMatch(mark -> !id(mark.getPath().getName()).equals(own));
  }

  /**
   * Puts right what killed loads left: their files go, or those that they replaced, and then the
   * marks.
   *
   * @param files all files of the folder that hold data
   * @param own the id of the load that has the folder to itself now
   * @return the files that were removed
   */
  public static List<Path> repair(
      FileSystem storage, Path folder, Collection<Path> files, String own) throws IOException {
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
    clear(storage, folder, own);
    return removed;
  }
}
