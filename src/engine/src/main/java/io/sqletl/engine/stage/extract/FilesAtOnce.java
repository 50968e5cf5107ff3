package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/** Looks at the beginnings of many files at once, since an object store is slow to open each. */
final class FilesAtOnce {

  private static final int THREADS = 16;

  private FilesAtOnce() {}

  /**
   * What is found in each file, in their order.
   *
   * @param look may be called in several threads
   * @throws StageException if it is thrown for a file, of several for the first
   */
  static <T> List<T> look(List<Path> files, Function<Path, T> look) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(THREADS, files.size() + 1));
    try {
      List<Future<T>> found = new ArrayList<>();
      files.forEach(file -> found.add(threads.submit(() -> look.apply(file))));
      List<T> all = new ArrayList<>();
      for (Future<T> each : found) {
        all.add(each.get());
      }
      return all;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StageException own) {
        throw own;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StageException("Interrupted while files were looked at", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
