package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.SqlJob;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Hadoop's own file system of this machine does, without its processes. */
@DisabledOnOs(OS.WINDOWS)
class PosixFileSystemTest {

  @TempDir private java.nio.file.Path folder;

  private FileSystem own;
  private FileSystem hadoops;

  @BeforeEach
  void open() throws IOException {
    own = FileSystem.newInstance(URI.create("file:///"), own());
    hadoops = FileSystem.newInstance(URI.create("file:///"), new Configuration());
    assertThat(own).isInstanceOf(PosixFileSystem.class);
    assertThat(hadoops).isNotInstanceOf(PosixFileSystem.class);
  }

  @AfterEach
  void close() throws IOException {
    own.close();
    hadoops.close();
  }

  private static Configuration own() {
    Configuration settings = new Configuration();
    PosixFileSystem.settings().forEach(settings::set);
    return settings;
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private static void write(FileSystem files, Path path) throws IOException {
    try (FSDataOutputStream out = files.create(path)) {
      out.write("text".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String described(FileStatus status) {
    return String.join(
        " ",
        status.getPath().toString(),
        String.valueOf(status.isDirectory()),
        String.valueOf(status.isDirectory() ? 0 : status.getLen()),
        String.valueOf(status.getModificationTime()),
        String.valueOf(status.getBlockSize()),
        String.valueOf(status.getReplication()),
        status.getPermission().toString(),
        status.getOwner(),
        status.getGroup());
  }

  private static List<String> listed(FileSystem files, Path path) throws IOException {
    return Arrays.stream(files.listStatus(path))
        .map(PosixFileSystemTest::described)
        .sorted()
        .toList();
  }

  @Test
  void aTableIsWrittenAndReadWithoutAProcess() throws IOException {
    String table = folder.resolve("table").toString();
    SqlJob.spark();
    try (Recording processes = new Recording()) {
      processes.enable("jdk.ProcessStart");
      processes.start();
      for (String mode : List.of("errorifexists", "append", "overwrite")) {
        SqlJob.spark().range(9).write().format("delta").mode(mode).save(table);
      }
      assertThat(SqlJob.spark().read().format("delta").load(table).count()).isEqualTo(9);
      SqlJob.spark().range(9).write().csv(folder.resolve("csv").toString());
      processes.stop();
      java.nio.file.Path file = folder.resolve("processes.jfr");
      processes.dump(file);
      assertThat(RecordingFile.readAllEvents(file))
          .filteredOn(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
          .extracting(event -> event.getString("command"))
          // Spark starts others at times of its own: getconf, and rm for sessions of other tests.
          .filteredOn(command -> command.contains(folder.toString()))
          .isEmpty();
    }
  }

  @Test
  void filesAreListedAsHadoopDoes() throws IOException {
    write(own, path("own/a b"));
    write(hadoops, path("hadoops/file"));
    own.mkdirs(path("own/folder"), new FsPermission("700"));
    own.setPermission(path("own/folder"), new FsPermission("1770"));
    Files.createSymbolicLink(folder.resolve("own/link"), folder.resolve("hadoops"));
    for (String name : List.of("own", "hadoops", "")) {
      assertThat(listed(own, path(name))).isNotEmpty().isEqualTo(listed(hadoops, path(name)));
    }
    assertThat(own.getFileStatus(path("own/link")).isDirectory()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"022", "077", "002", "027"})
  void whoMayReadThemIsAsHadoopSays(String umask) throws IOException {
    own.getConf().set("fs.permissions.umask-mode", umask);
    hadoops.getConf().set("fs.permissions.umask-mode", umask);
    write(own, path("own/x/file"));
    write(hadoops, path("hadoops/x/file"));
    for (String name : List.of("", "/x", "/x/file", "/x/.file.crc")) {
      assertThat(own.getFileStatus(path("own" + name)).getPermission())
          .as(name)
          .isEqualTo(hadoops.getFileStatus(path("hadoops" + name)).getPermission());
    }
  }

  @Test
  void whatIsNotThereIsTold() throws IOException {
    assertThatThrownBy(() -> own.getFileStatus(path("none")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("File " + path("none") + " does not exist");
    assertThatThrownBy(() -> own.listStatus(path("none")))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(own.exists(path("none"))).isFalse();
    write(own, path("gone"));
    FileStatus listed = own.getFileStatus(path("gone"));
    Files.delete(folder.resolve("gone"));
    assertThat(listed.getPermission()).isEqualTo(FsPermission.getFileDefault());
  }

  @Test
  void aFileThatChangedOnDiskIsNotRead() throws IOException {
    write(own, path("file"));
    Files.writeString(folder.resolve("file"), "tixt");
    try (FSDataInputStream in = own.open(path("file"))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ChecksumException.class);
    }
  }

  @Test
  void theOtherInterfaceRenamesOnlyWhereNothingIs() throws IOException {
    FileContext files = FileContext.getFileContext(URI.create("file:///"), own());
    assertThat(files.getDefaultFileSystem()).isInstanceOf(PosixFs.class);
    for (String name : List.of("a", "b")) {
      try (FSDataOutputStream out =
          files.create(
              path(name),
              java.util.EnumSet.of(CreateFlag.CREATE),
              Options.CreateOpts.createParent())) {
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThatThrownBy(() -> files.rename(path("a"), path("b")))
        .isInstanceOf(org.apache.hadoop.fs.FileAlreadyExistsException.class);
    files.rename(path("a"), path("c"));
    files.rename(path("b"), path("c"), Options.Rename.OVERWRITE);
    assertThat(Files.readString(folder.resolve("c"))).isEqualTo("b");
    try (Stream<java.nio.file.Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("c", ".c.crc");
    }
  }
}
