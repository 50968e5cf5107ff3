package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {

  private static final Instant EARLIER = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void touchesNothingBeforeItMust() {
    try (Lake lake = Lake.at(folder.resolve("lake"))) {
      assertThat(lake.isServing()).isFalse();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void knowsTheFileBehindAUri() {
    Lake lake = Lake.at(folder);
    assertThat(lake.locate("s3a://datalake/a b/c%20=1.csv"))
        .contains(folder.resolve("datalake/a b/c%20=1.csv"));
    assertThat(lake.locate("s3a://datalake/../../etc/passwd")).isEmpty();
    assertThat(lake.locate("file:///etc/passwd")).isEmpty();
    assertThat(lake.uriOf(folder.resolve("datalake/x.csv"))).contains("s3a://datalake/x.csv");
  }

  @Test
  void seedsABucketWithTheTimesOfTheFiles() throws IOException {
    Path appCode = shipped("data/contacts.csv", "1,a", EARLIER);
    try (Lake lake = Lake.at(folder.resolve("my läke"))) {
      assertThat(lake.seed("datalake", appCode)).isOne();
      assertThat(lake.seed("datalake", appCode)).isZero();
    }
    Path copy = folder.resolve("my läke/datalake/app_code/data/contacts.csv");
    assertThat(copy).hasContent("1,a");
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(FileTime.from(EARLIER));
    assertThat(entries(folder.resolve("my läke"))).containsExactly("datalake");
  }

  @Test
  void seedsAgainWhatIsNewerInTheRepository() throws IOException {
    Path appCode = shipped("data/contacts.csv", "1,a", EARLIER);
    try (Lake lake = Lake.at(folder.resolve("lake"))) {
      lake.seed("datalake", appCode);
      shipped("data/contacts.csv", "1,b", LATER);
      assertThat(lake.seed("datalake", appCode)).isOne();
    }
    assertThat(folder.resolve("lake/datalake/app_code/data/contacts.csv")).hasContent("1,b");
  }

  @Test
  void keepsWhatTheUserEditedInTheLake() throws IOException {
    Path appCode = shipped("data/contacts.csv", "1,a", EARLIER);
    Path copy = folder.resolve("lake/datalake/app_code/data/contacts.csv");
    try (Lake lake = Lake.at(folder.resolve("lake"))) {
      lake.seed("datalake", appCode);
      write(copy, "1,mine", LATER);
      assertThat(lake.seed("datalake", appCode)).isZero();
    }
    assertThat(copy).hasContent("1,mine");
  }

  @Test
  void completesASeedThatWasCutOff() throws IOException {
    Path appCode = shipped("data/contacts.csv", "1,a", EARLIER);
    shipped("sql/merge.sql", "MERGE", EARLIER);
    Path lakeFolder = folder.resolve("lake");
    Path abandoned = Files.createDirectories(lakeFolder.resolve(".staging-dead"));
    Files.writeString(abandoned.resolve(".lock"), "");
    Files.writeString(abandoned.resolve("half"), "1,");
    Files.setLastModifiedTime(abandoned, FileTime.from(EARLIER));
    write(lakeFolder.resolve("datalake/app_code/data/contacts.csv"), "1,a", EARLIER);
    try (Lake lake = Lake.at(lakeFolder)) {
      assertThat(lake.seed("datalake", appCode)).isOne();
    }
    assertThat(lakeFolder.resolve("datalake/app_code/sql/merge.sql")).hasContent("MERGE");
    assertThat(entries(lakeFolder)).containsExactly("datalake");
  }

  @Test
  void leavesTheStagingOfARunThatGoesOn() throws IOException {
    try (Lake running = Lake.at(folder.resolve("lake"))) {
      running.hadoopConfiguration();
      Path staging = folder.resolve("lake").resolve(entries(folder.resolve("lake")).get(0));
      Files.setLastModifiedTime(staging, FileTime.from(EARLIER));
      try (Lake second = Lake.at(folder.resolve("lake"))) {
        second.hadoopConfiguration();
        assertThat(staging).exists();
      }
    }
  }

  @Test
  void makesItsPortAndCredentialsForOneRun() {
    try (Lake one = Lake.at(folder.resolve("one"));
        Lake two = Lake.at(folder.resolve("two"))) {
      assertThat(one.hadoopConfiguration().get("fs.s3a.endpoint"))
          .startsWith("http://127.0.0.1:")
          .isNotEqualTo(two.hadoopConfiguration().get("fs.s3a.endpoint"));
      assertThat(one.hadoopConfiguration().get("fs.s3a.secret.key"))
          .hasSizeGreaterThan(32)
          .isNotEqualTo(two.hadoopConfiguration().get("fs.s3a.secret.key"));
    }
  }

  @Test
  void saysInOneLineThatItCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (Lake lake = Lake.at(file)) {
      assertThatThrownBy(() -> lake.createBucket("datalake"))
          .isInstanceOf(LakeException.class)
          .hasMessageContaining("Cannot write the lake folder " + file)
          .hasMessageNotContaining("\n")
          .asInstanceOf(InstanceOfAssertFactories.type(LakeException.class))
          .extracting(LakeException::remedy)
          .isEqualTo("choose a folder that you can write with --lake DIR");
      assertThatThrownBy(lake::hadoopConfiguration).isInstanceOf(LakeException.class);
    }
  }

  @Test
  void refusesNamesThatS3Refuses() {
    try (Lake lake = Lake.at(folder)) {
      assertThatThrownBy(() -> lake.createBucket("My_Bucket"))
          .isInstanceOf(LakeException.class)
          .hasMessage("\"My_Bucket\" is no name for an S3 bucket");
    }
  }

  private Path shipped(String name, String text, Instant time) throws IOException {
    write(folder.resolve("app_code").resolve(name), text, time);
    return folder.resolve("app_code");
  }

  private static void write(Path file, String text, Instant time) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private static java.util.List<String> entries(Path parent) throws IOException {
    try (Stream<Path> listed = Files.list(parent)) {
      return listed.map(path -> path.getFileName().toString()).toList();
    }
  }
}
