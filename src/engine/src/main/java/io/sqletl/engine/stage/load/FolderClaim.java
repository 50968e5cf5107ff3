package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.LoadMarks;
import io.sqletl.engine.stage.files.RunOwner;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * That one load, and no other, looks at a folder and writes it. It is had from before the load
 * looks at what is there until it is over, so that no other load changes what it has seen, and so
 * that two loads never both end well with the files of both in the folder.
 */
final class FolderClaim implements AutoCloseable {

  /** Two loads that begin at once both step back; the first to try again has the folder. */
  private static final int ATTEMPTS = 5;

  private static final int LONGEST_PAUSE = 1_000;

  /** As long as other runs may take that write a part each. */
  static final Duration PATIENCE = Duration.ofMinutes(30);

  /** As long as a load may take from removing its marks to removing the folder that it made. */
  private static final Duration REMOVAL = Duration.ofSeconds(1);

  private static final Map<String, FolderClaim> HELD = new ConcurrentHashMap<>();

  private final String uri;
  private final FileSystem storage;
  private final Path folder;
  private final String id = UUID.randomUUID().toString();
  private final Found found;
  private Heartbeat heartbeat;
  private Optional<RunOwner> waitedFor = Optional.empty();

  private FolderClaim(String uri, FileSystem storage, Path folder) throws IOException {
    this.uri = uri;
    this.storage = storage;
    this.folder = folder;
    this.found = found();
  }

  /** What the folder held before any load of now. */
  private enum Found {
    /** No folder, or one that another load made a moment ago, or one that was killed. */
    NOTHING,
    EMPTY,
    ENTRIES
  }

  /** A folder that is empty may be one that another load is about to remove. */
  private Found found() throws IOException {
    long began = System.nanoTime();
    while (true) {
      FileStatus[] entries;
      try {
        entries = storage.listStatus(folder);
      } catch (FileNotFoundException e) {
        return Found.NOTHING;
      }
      if (entries.length > 0) {
        return entries.length == 1 && entries[0].getPath().getName().equals(LoadMarks.FOLDER)
            ? Found.NOTHING
            : Found.ENTRIES;
      }
      if (System.nanoTime() - began > REMOVAL.toNanos()) {
        return Found.EMPTY;
      }
      pause(REMOVAL.toMillis() / 20);
    }
  }

  /** Whether the folder was there and nothing in it. */
  boolean foundEmpty() {
    return found == Found.EMPTY;
  }

  /**
   * Takes the folder.
   *
   * @param uri the folder as the job names it
   * @param patience how long another run is waited for
   * @throws StageException if another run writes it for longer; nothing is changed then
   */
  static FolderClaim of(String uri, FileSystem storage, Path folder, Duration patience)
      throws IOException {
    FolderClaim claim = new FolderClaim(uri, storage, folder);
    boolean taken = false;
    try {
      claim.take(patience);
      taken = true;
    } finally {
      if (!taken) {
        claim.close();
      }
    }
    HELD.put(claim.id, claim);
    return claim;
  }

  /** The claim with this id, of a load of this process. */
  static Optional<FolderClaim> held(String id) {
    return Optional.ofNullable(HELD.get(id));
  }

  String id() {
    return id;
  }

  /** The run that was waited for last; empty if there was none. */
  Optional<RunOwner> waitedFor() {
    return waitedFor;
  }

  private void take(Duration patience) throws IOException {
    long began = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      LoadMarks.claim(storage, folder, id);
      if (heartbeat == null) {
        heartbeat = Heartbeat.of(storage, folder, id);
      }
      Optional<RunOwner> other = LoadMarks.active(storage, folder, id);
      if (other.isEmpty()) {
        return;
      }
      LoadMarks.release(storage, folder, id);
      pause(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE / 10, LONGEST_PAUSE));
      if (System.nanoTime() - began < patience.toNanos()) {
        waitedFor = other;
        continue;
      }
      Optional<RunOwner> still =
          attempt >= ATTEMPTS ? other : LoadMarks.active(storage, folder, id);
      if (still.isPresent()) {
        throw new StageException(
            "Another run ("
                + still.get().text()
                + ") is loading into '"
                + uri
                + "' at this moment. This one has written and removed nothing there. Run it again"
                + " when the other has ended, or write to another folder; jobs that write one"
                + " folder must not run at the same time.");
      }
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while another load is at work");
    }
  }

  /** Whether the folder is still this load's; a program that knows no marks may have removed it. */
  boolean isHeld() throws IOException {
    return LoadMarks.isClaimed(storage, folder, id);
  }

  /**
   * Ends the load if the folder is not its own any more.
   *
   * @throws StageException with what happened
   */
  void require() throws IOException {
    if (!isHeld()) {
      throw lost(null);
    }
  }

  /** What a failure of a load comes from, where others were at work in the folder. */
  Exception explained(Exception failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof StageException) {
        return failure;
      }
    }
    try {
      if (!isHeld()) {
        return lost(failure);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
      return failure;
    }
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof FileNotFoundException
          && String.valueOf(at.getMessage()).contains(ReplaceAfterCommit.PENDING)) {
        return lost(failure);
      }
    }
    return failure;
  }

  private StageException lost(Exception cause) {
    return new StageException(
        "Another run or program removed what this load was writing to '"
            + uri
            + "', while it wrote. Nothing that this load wrote counts; the folder is as the other"
            + " left it. Run this job again when the other has ended; jobs that write one folder"
            + " must not run at the same time.",
        cause);
  }

  /** Gives the folder back; one that the load has made and left empty goes. */
  @Override
  public void close() throws IOException {
    HELD.remove(id);
    if (heartbeat != null) {
      heartbeat.close();
    }
    LoadMarks.release(storage, folder, id);
    if (found == Found.NOTHING) {
      LoadMarks.removeIfEmpty(storage, folder);
    }
  }
}
