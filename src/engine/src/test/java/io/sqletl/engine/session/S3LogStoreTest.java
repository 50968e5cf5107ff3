package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of Delta's log on a real S3 server, which another process writes at the same time. */
class S3LogStoreTest {

  private static final org.apache.hadoop.fs.Path VERSION =
      new org.apache.hadoop.fs.Path("s3a://lake/t/_delta_log/00000000000000000001.json");

  @TempDir private Path folder;

  private Lake lake;
  private Configuration hadoop;

  @BeforeEach
  void open() {
    lake = Lake.at(folder);
    lake.createBucket("lake");
    hadoop = new Configuration();
    lake.hadoopConfiguration().forEach(hadoop::set);
    hadoop.set("fs.s3a.impl.disable.cache", "true");
  }

  @AfterEach
  void close() throws IOException {
    lake.close();
  }

  @Test
  void aVersionIsWrittenOnce() throws IOException {
    write(List.of("ours", "too").iterator(), false);
    assertThat(there()).isEqualTo("ours\ntoo\n");
    assertThatThrownBy(() -> write(List.of("theirs").iterator(), false))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(VERSION.toString());
    assertThat(there()).isEqualTo("ours\ntoo\n");
    write(List.of("ours again").iterator(), true);
    assertThat(there()).isEqualTo("ours again\n");
  }

  @Test
  void ofTwoWritersAtOneTimeTheSecondIsTold() throws IOException {
    assertThatThrownBy(() -> write(whileAnotherWrites("theirs\n"), false))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(VERSION.toString());
    assertThat(there()).isEqualTo("theirs\n");
  }

  @Test
  void whatTheFirstAttemptHasWrittenIsOurs() throws IOException {
    write(whileAnotherWrites("ours\n"), false);
    assertThat(there()).isEqualTo("ours\n");
  }

  @Test
  void aFailureIsTold() throws IOException {
    hadoop.set("fs.s3a.secret.key", "not the right one");
    assertThatThrownBy(() -> write(List.of("ours").iterator(), false))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileAlreadyExistsException.class);
    assertThat(file()).doesNotExist();
  }

  /** Delta asks for the lines after it has seen that the version is not there. */
  private Iterator<String> whileAnotherWrites(String content) {
    return new Iterator<>() {
      private boolean isDone;

      @Override
      public boolean hasNext() {
        return !isDone;
      }

      @Override
      public String next() {
        isDone = true;
        try {
          Files.createDirectories(file().getParent());
          Files.writeString(file(), content);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return "ours";
      }
    };
  }

  private void write(Iterator<String> lines, boolean overwrite) throws IOException {
    // Delta writes only where the folder of the log is
    Files.createDirectories(file().getParent());
    new S3LogStore(hadoop).write(VERSION, lines, overwrite, hadoop);
  }

  private String there() throws IOException {
    return Files.readString(file());
  }

  private Path file() {
    return lake.folder().resolve("lake/t/_delta_log/00000000000000000001.json");
  }
}
