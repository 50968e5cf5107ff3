package io.sqletl.engine.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lake as the S3A client of Hadoop sees it. */
class LakeThroughS3ATest {

  private static final String BUCKET = "datalake";

  @TempDir private static Path folder;

  private static Lake lake;
  private static FileSystem files;

  @BeforeAll
  static void open() throws IOException {
    lake = Lake.at(folder.resolve("a läke"));
    files = fileSystem(lake);
  }

  @AfterAll
  static void close() throws IOException {
    files.close();
    lake.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.txt",
        "with blank/a b.txt",
        "day=2026-01-01/x.txt",
        "per%cent/a%20b.txt",
        "ünicode/✓ 日本.txt",
        "plus+and&#/q?.txt"
      })
  void keepsAnObjectAsAnOrdinaryFile(String key) throws IOException {
    put(files, key, key.getBytes(UTF_8));
    assertThat(bucket().resolve(key)).hasContent(key);
    assertThat(get(key)).isEqualTo(key.getBytes(UTF_8));
    assertThat(files.getFileStatus(path(key)).getLen()).isEqualTo(key.getBytes(UTF_8).length);
    assertThat(names(path(key).getParent())).contains(path(key).getName());
  }

  @Test
  void readsFilesAndEmptyFoldersThatAUserPutThere() throws IOException {
    Files.createDirectories(bucket().resolve("by hand/empty"));
    Files.writeString(bucket().resolve("by hand/file.txt"), "hello");
    assertThat(get("by hand/file.txt")).isEqualTo("hello".getBytes(UTF_8));
    assertThat(files.getFileStatus(path("by hand/empty")).isDirectory()).isTrue();
    assertThat(names(path("by hand"))).containsExactlyInAnyOrder("empty", "file.txt");
    Files.writeString(bucket().resolve("by hand/file.txt"), "edited in place");
    assertThat(get("by hand/file.txt")).isEqualTo("edited in place".getBytes(UTF_8));
  }

  @Test
  void makesFolders() throws IOException {
    files.mkdirs(path("made/sub"));
    assertThat(bucket().resolve("made/sub")).isDirectory();
    assertThat(files.getFileStatus(path("made/sub")).isDirectory()).isTrue();
  }

  @Test
  void putsLargeObjectsTogetherFromParts() throws IOException {
    byte[] content = new byte[50 << 20];
    new Random(1).nextBytes(content);
    put(files, "large.bin", content);
    assertThat(Arrays.equals(Files.readAllBytes(bucket().resolve("large.bin")), content)).isTrue();
    assertThat(Arrays.equals(get("large.bin"), content)).isTrue();
    assertThat(stagedFiles()).isEmpty();
  }

  @Test
  void renamesAndDeletes() throws IOException {
    put(files, "from/a.txt", new byte[] {1});
    put(files, "from/sub/b.txt", new byte[] {2});
    assertThat(files.rename(path("from"), path("to"))).isTrue();
    assertThat(bucket().resolve("to/sub/b.txt")).hasBinaryContent(new byte[] {2});
    assertThat(files.exists(path("from/a.txt"))).isFalse();
    assertThat(files.delete(path("to"), /* recursive= */ true)).isTrue();
    assertThat(bucket().resolve("to")).doesNotExist();
  }

  @Test
  void showsNothingOfAnObjectThatIsBeingWritten() throws IOException {
    try (FSDataOutputStream stream = files.create(path("slow/table.parquet"), true)) {
      byte[] part = new byte[20 << 20];
      stream.write(part);
      assertThat(bucket().resolve("slow/table.parquet")).doesNotExist();
      assertThat(files.listFiles(new org.apache.hadoop.fs.Path("s3a://" + BUCKET + "/"), true))
          .satisfies(
              listed -> {
                while (listed.hasNext()) {
                  assertThat(listed.next().getPath().toString()).doesNotContain("slow");
                }
              });
      try (Stream<Path> tree = Files.walk(bucket())) {
        assertThat(tree.map(Path::toString)).noneMatch(name -> name.contains("slow/"));
      }
    }
    assertThat(Files.size(bucket().resolve("slow/table.parquet"))).isEqualTo(20L << 20);
  }

  @Test
  void tellsObjectsThatChangedByTheirTags() throws IOException {
    put(files, "tag.txt", "one".getBytes(UTF_8));
    String first = tag("tag.txt");
    put(files, "tag.txt", "two".getBytes(UTF_8));
    assertThat(tag("tag.txt")).isNotBlank().isNotEqualTo(first);
  }

  @Test
  void letsOneOfSeveralWritersCreateAnObject() throws Exception {
    Path target = bucket().resolve("claimed.txt");
    Files.createDirectories(bucket());
    List<Callable<Boolean>> writers =
        IntStream.range(0, 8)
            .<Callable<Boolean>>mapToObj(
                number ->
                    () -> {
                      Path staged = Files.writeString(folder.resolve("w" + number), "" + number);
                      try {
                        LakeStaging.publishNew(staged, target);
                        return true;
                      } catch (java.nio.file.FileAlreadyExistsException e) {
                        return false;
                      }
                    })
            .toList();
    assertThat(outcomes(writers)).containsOnlyOnce(true);
  }

  @Test
  void survivesWritersAndDeletersOfOneFolder() throws Exception {
    List<Callable<Boolean>> writers =
        IntStream.range(0, 16)
            .<Callable<Boolean>>mapToObj(
                number ->
                    () -> {
                      for (int round = 0; round < 10; round++) {
                        String key = "busy/" + number + ".txt";
                        put(files, key, new byte[] {1});
                        files.delete(path(key), /* recursive= */ false);
                      }
                      put(files, "busy/" + number + ".kept", new byte[] {1});
                      return true;
                    })
            .toList();
    assertThat(outcomes(writers)).containsOnly(true);
    assertThat(names(path("busy"))).hasSize(16);
  }

  @Test
  void isSharedBySeveralRuns() throws IOException {
    try (Lake other = Lake.at(lake.folder());
        FileSystem theirs = fileSystem(other)) {
      put(theirs, "shared.txt", "theirs".getBytes(UTF_8));
      assertThat(get("shared.txt")).isEqualTo("theirs".getBytes(UTF_8));
    }
    assertThat(get("shared.txt")).isEqualTo("theirs".getBytes(UTF_8));
  }

  @Test
  void refusesWhoeverDoesNotKnowTheCredentials() throws Exception {
    put(files, "private.txt", new byte[] {1});
    URI endpoint = URI.create(lake.hadoopConfiguration().get("fs.s3a.endpoint"));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(endpoint.resolve("/" + BUCKET + "/private.txt")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void doesNotReplaceAFolderByAFile() throws IOException {
    put(files, "tree/leaf.txt", new byte[] {1});
    assertThatThrownBy(() -> put(files, "tree", new byte[] {2})).isInstanceOf(IOException.class);
    assertThat(get("tree/leaf.txt")).containsExactly(1);
  }

  private static FileSystem fileSystem(Lake lake) throws IOException {
    Configuration configuration = new Configuration();
    lake.hadoopConfiguration().forEach(configuration::set);
    return FileSystem.newInstance(URI.create("s3a://" + BUCKET + "/"), configuration);
  }

  private static List<Boolean> outcomes(List<Callable<Boolean>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Boolean> outcomes = new java.util.ArrayList<>();
      for (Future<Boolean> done : threads.invokeAll(work)) {
        outcomes.add(done.get());
      }
      return outcomes;
    } finally {
      threads.shutdown();
    }
  }

  private static void put(FileSystem to, String key, byte[] content) throws IOException {
    try (FSDataOutputStream stream = to.create(path(key), true)) {
      stream.write(content);
    }
  }

  private static byte[] get(String key) throws IOException {
    try (java.io.InputStream stream = files.open(path(key))) {
      return stream.readAllBytes();
    }
  }

  private static String tag(String key) throws IOException {
    return ((org.apache.hadoop.fs.EtagSource) files.getFileStatus(path(key))).getEtag();
  }

  private static List<String> names(org.apache.hadoop.fs.Path parent) throws IOException {
    return Arrays.stream(files.listStatus(parent))
        .map(FileStatus::getPath)
        .map(org.apache.hadoop.fs.Path::getName)
        .toList();
  }

  private static List<Path> stagedFiles() throws IOException {
    try (Stream<Path> tree = Files.walk(lake.folder())) {
      return tree.filter(Files::isRegularFile)
          .filter(path -> lake.folder().relativize(path).toString().startsWith(".staging-"))
          .filter(path -> !path.endsWith(".lock"))
          .toList();
    }
  }

  private static Path bucket() {
    return lake.folder().resolve(BUCKET);
  }

  private static org.apache.hadoop.fs.Path path(String key) {
    return new org.apache.hadoop.fs.Path("s3a://" + BUCKET + "/" + key);
  }
}
