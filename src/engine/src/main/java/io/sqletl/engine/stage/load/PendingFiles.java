package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.RunOwner;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.function.IOConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Files that are written beside their places and put there when all are complete. The folders that
 * they go to are {@link FolderClaim claimed} meanwhile, so that of two loads that add to one file
 * the second reads what the first has put there.
 */
final class PendingFiles implements AutoCloseable {

  /** Below the folder of the files, as loads of other files there have nothing to do with it. */
  private static final String CLAIMS = ".sqletl_single_files";

  /** Names that say whose a file is. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\..+\\.([0-9a-z]{1,4}_[0-9a-z]+_[0-9a-z]{6})\\.[0-9a-f]{8}");

  private final Configuration configuration;
  private final StageContext context;
  private final Map<Path, Path> pending = new LinkedHashMap<>();
  private final Map<Path, FolderClaim> claims = new LinkedHashMap<>();

  PendingFiles(StageContext context) {
    this.context = context;
    this.configuration = context.spark().sessionState().newHadoopConf();
  }

  FileSystem storage(Path file) throws IOException {
    return file.getFileSystem(configuration);
  }

  /**
   * Waits until no other load writes single files to the folder of the file, and keeps others from
   * it. What is there is looked at after this.
   *
   * @throws StageException if another run is at work there for half an hour
   */
  void claim(Path file) throws IOException {
    Path folder = file.getParent();
    if (claims.containsKey(folder)) {
      return;
    }
    FileSystem storage = storage(file);
    FolderClaim claim =
        FolderClaim.of(folder.toString(), storage, new Path(folder, CLAIMS), FolderClaim.PATIENCE);
    claims.put(folder, claim);
    claim.waitedFor().ifPresent(run -> context.detail("waitedFor", run.text()));
    removeLeft(storage, folder);
  }

  /** Begins a file beside its place. */
  FSDataOutputStream begin(Path file) throws IOException {
    Path beside =
        new Path(
            file.getParent(),
            "."
                + file.getName()
                + "."
                + RunOwner.current().token()
                + "."
                + UUID.randomUUID().toString().substring(0, 8));
    FSDataOutputStream stream = storage(file).create(beside);
    pending.put(file, beside);
    return stream;
  }

  /** Puts all files in their places, each in one step. */
  List<String> put() throws IOException {
    for (FolderClaim claim : claims.values()) {
      claim.require();
    }
    for (Map.Entry<Path, Path> file : pending.entrySet()) {
      put(file.getKey(), file.getValue());
    }
    return pending.keySet().stream().map(Path::toString).toList();
  }

  /**
   * A reader, and whoever comes after a load that was killed, finds the old file or the new one.
   */
  private void put(Path file, Path beside) throws IOException {
    FileSystem storage = storage(file);
    if (storage instanceof LocalFileSystem local) {
      putLocally(local, file, beside);
    } else if (storage.getScheme().startsWith("s3")) {
      // An object is there once it is whole; a renamed one would need its place to be empty
      try (InputStream written = storage.open(beside);
          OutputStream object = storage.create(file, /* overwrite */ true)) {
        written.transferTo(object);
      }
    } else {
      FileContext.getFileContext(file.toUri(), configuration)
          .rename(beside, file, Options.Rename.OVERWRITE);
    }
  }

  private static void putLocally(LocalFileSystem storage, Path file, Path beside)
      throws IOException {
    Path checksum = storage.getChecksumFile(file);
    Path newChecksum = storage.getChecksumFile(beside);
    storage.getRawFileSystem().delete(checksum, /* recursive */ false);
    Files.move(
        storage.pathToFile(beside).toPath(),
        storage.pathToFile(file).toPath(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    if (storage.getRawFileSystem().exists(newChecksum)) {
      storage.getRawFileSystem().rename(newChecksum, checksum);
    }
  }

  /** Removes what runs that were killed left in a folder. */
  private static void removeLeft(FileSystem storage, Path folder) throws IOException {
    for (FileStatus entry : storage.listStatus(folder)) {
      Matcher unfinished = UNFINISHED.matcher(entry.getPath().getName());
      if (entry.isFile()
          && unfinished.matches()
          && RunOwner.ofToken(unfinished.group(1)).filter(RunOwner::isGone).isPresent()) {
        storage.delete(entry.getPath(), /* recursive */ false);
      }
    }
  }

  /** Removes files that were not put in their places, and gives the folders back. */
  @Override
  public void close() throws IOException {
    try {
      for (Path beside : pending.values()) {
        storage(beside).delete(beside, /* recursive */ false);
      }
    } finally {
      // Each of them, whatever becomes of the others
      IOConsumer.forAll(FolderClaim::close, claims.values());
    }
  }
}
