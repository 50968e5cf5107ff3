package io.sqletl.engine.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;

/** A kernel that listens. */
public final class KernelServer implements AutoCloseable {

  private final KernelConnection connection;
  private final CellRunner cells;

  private KernelServer(KernelConnection connection, CellRunner cells) {
    this.connection = connection;
    this.cells = cells;
  }

  /**
   * Starts a kernel; Spark starts behind it.
   *
   * @param connectionFile where Jupyter says on which ports the kernel is to listen, and the key
   * @throws IOException if that file cannot be read, or is none
   */
  public static KernelServer start(Path connectionFile, KernelOptions options) throws IOException {
    KernelConnectionProperties properties =
        KernelConnectionProperties.parse(Files.readString(connectionFile));
    if (properties == null || properties.getTransport() == null) {
      throw new IOException(connectionFile + " is no connection file of Jupyter's");
    }
    try {
      KernelConnection connection = new KernelConnection(properties);
      CellRunner cells = new CellRunner(options);
      new ArcKernel(cells).becomeHandlerForConnection(connection);
      connection.connect();
      cells.startBehind();
      return new KernelServer(connection, cells);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          connectionFile + " asks for a signature that is not known: " + e.getMessage(), e);
    }
  }

  /** Waits until a front end shuts the kernel down. */
  public void await() {
    connection.waitUntilClose();
  }

  /** Stops Spark and what else the kernel began. */
  @Override
  public void close() {
    cells.interrupt();
    cells.close();
  }
}
