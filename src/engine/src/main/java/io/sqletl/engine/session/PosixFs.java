package io.sqletl.engine.session;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.local.LocalConfigKeys;

/** {@link PosixFileSystem} for Hadoop's other interface to files, {@code FileContext}. */
public final class PosixFs extends ChecksumFs {

  /**
   * For Hadoop.
   *
   * @param root is not looked at: there is one such file system
   */
  @SuppressWarnings("unused")
  public PosixFs(URI root, Configuration settings) throws IOException, URISyntaxException {
    super(new Raw(settings));
  }

  private static final class Raw extends DelegateToFileSystem {

    private Raw(Configuration settings) throws IOException, URISyntaxException {
      super(
          FsConstants.LOCAL_FS_URI,
          new PosixFileSystem.Raw(),
          settings,
          FsConstants.LOCAL_FS_URI.getScheme(),
          /* authorityRequired= */ false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public FsServerDefaults getServerDefaults(Path path) throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    @Deprecated
    public FsServerDefaults getServerDefaults() throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    public boolean isValidName(String name) {
      // As the file system says, not as Hadoop does
      return true;
    }
  }
}
