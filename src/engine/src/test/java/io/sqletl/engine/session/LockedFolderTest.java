package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockedFolderTest {

  private static final FileTime EARLIER = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir private Path parent;

  @Test
  void isTheUsersAlone() throws IOException {
    try (LockedFolder folder = LockedFolder.create(parent, "x-")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
          .isEqualTo("rwx------");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
    Path dead = left("x-dead");
    Files.createDirectories(dead.resolve("blockmgr-1/0c"));
    Files.writeString(dead.resolve("blockmgr-1/0c/shuffle_0_0_0.data"), "rows");
    Files.setLastModifiedTime(dead, EARLIER);
    Path other = left("y-dead");
    try (LockedFolder folder = LockedFolder.create(parent, "x-")) {
      assertThat(dead).doesNotExist();
      assertThat(other).exists();
      assertThat(folder.path()).exists();
    }
  }

  @Test
  void thatOfAProcessThatGoesOnStays() throws IOException {
    try (LockedFolder running = LockedFolder.create(parent, "x-")) {
      Files.setLastModifiedTime(running.path(), EARLIER);
      LockedFolder.create(parent, "x-").close();
      assertThat(running.path()).exists();
    }
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = left("elsewhere");
    Files.createSymbolicLink(parent.resolve("x-link"), elsewhere);
    LockedFolder.create(parent, "x-").close();
    assertThat(elsewhere.resolve(".lock")).exists();
  }

  /** Only the administrator may give files away. */
  @Test
  void thatOfAnotherAccountStays() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")));
    Path theirs = left("x-theirs");
    UserPrincipal nobody =
        parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(theirs, nobody);
    LockedFolder.create(parent, "x-").close();
    assertThat(theirs.resolve(".lock")).exists();
  }

  private Path left(String name) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    Files.writeString(folder.resolve(".lock"), "");
    Files.setLastModifiedTime(folder, EARLIER);
    return folder;
  }
}
