package io.sqletl.engine.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The folder by which Jupyter finds the kernel. */
public final class KernelSpec {

  /** What notebooks call it. */
  public static final String NAME = "arc";

  private static final List<String> LOGOS =
      List.of("logo-32x32.png", "logo-64x64.png", "logo-svg.svg");

  /** Marks a folder as ours, so that no other kernel of that name is removed. */
  private static final String OWNER = "sql-etl";

  /** Says what to do when the repository is no longer where it was. */
  private static final String START =
      "[ -x \"$0\" ] || { echo \"The kernel arc starts $0, which is no longer there: run"
          + " 'etl kernel install' again where sql-etl is now.\" >&2; exit 1; };"
          + " exec \"$0\" kernel \"$@\"";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private KernelSpec(Path folder) {
    this.folder = folder;
  }

  /** In a folder of Jupyter's data, {@code PREFIX/share/jupyter}. */
  public static KernelSpec in(Path jupyterData) {
    return new KernelSpec(jupyterData.resolve("kernels").resolve(NAME));
  }

  /**
   * Jupyter's data folder of the user.
   *
   * @param environment the process environment
   * @param system as the property {@code os.name} says
   */
  public static Path userData(Map<String, String> environment, Path home, String system) {
    String told = environment.get("JUPYTER_DATA_DIR");
    if (told != null && !told.isBlank()) {
      return Path.of(told);
    }
    String lower = system.toLowerCase(Locale.ROOT);
    if (lower.contains("mac")) {
      return home.resolve("Library").resolve("Jupyter");
    }
    if (lower.contains("windows")) {
      return Path.of(environment.getOrDefault("APPDATA", home.toString()), "jupyter");
    }
    String data = environment.get("XDG_DATA_HOME");
    Path base =
        data == null || data.isBlank() ? home.resolve(".local").resolve("share") : Path.of(data);
    return base.resolve("jupyter");
  }

  public Path folder() {
    return folder;
  }

  /**
   * Writes the folder, over one that is there.
   *
   * @param etl the launcher
   * @param options options of {@code etl kernel} that every kernel gets
   */
  public void install(Path etl, List<String> options) throws IOException {
    Files.createDirectories(folder);
    ObjectNode spec = JSON.createObjectNode();
    ArrayNode argv = spec.putArray("argv");
    argv.add("/bin/sh").add("-c").add(START).add(etl.toString());
    argv.add("--connection").add("{connection_file}");
    options.forEach(argv::add);
    spec.put("display_name", "Arc");
    spec.put("language", "arc");
    spec.put("interrupt_mode", "message");
    spec.putObject("metadata").put("debugger", false).put("owner", OWNER);
    Files.writeString(
        folder.resolve("kernel.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(spec) + "\n");
    for (String logo : LOGOS) {
      try (InputStream picture = KernelSpec.class.getResourceAsStream(logo)) {
        if (picture == null) {
          throw new IOException("The engine lacks its " + logo);
        }
        Files.copy(picture, folder.resolve(logo), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /**
   * Removes the folder.
   *
   * @return whether it was there
   * @throws IOException if it is another's, or cannot be removed
   */
  public boolean uninstall() throws IOException {
    Path spec = folder.resolve("kernel.json");
    if (!Files.isRegularFile(spec)) {
      return false;
    }
    String owner = JSON.readTree(Files.readString(spec)).at("/metadata/owner").asText();
    if (!owner.equals(OWNER)) {
      throw new IOException("The kernel in " + folder + " is not of sql-etl, and stays");
    }
    Files.delete(spec);
    for (String logo : LOGOS) {
      Files.deleteIfExists(folder.resolve(logo));
    }
    Files.deleteIfExists(folder);
    return true;
  }
}
