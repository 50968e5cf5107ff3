package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Cell;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.session.LakeException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the cells of one notebook, one after another. What a cell does goes the way of a job: it is
 * read, planned and run by what {@code etl run} uses.
 */
public final class CellRunner implements AutoCloseable {

  /** As Arc's kernel: a secret in a cell is a secret in the notebook's file. */
  private static final Pattern SECRET =
      Pattern.compile(
          "\"(token|signature|accessKey|secret|secretAccessKey)\"\\s*[:=]\\s*\"[^\"]+\"");

  private final NotebookState state;
  private final StageCells stages;
  private final AuthoringMagics magics;

  public CellRunner(KernelOptions options) {
    this.state = new NotebookState(options);
    this.stages = new StageCells(state);
    this.magics = new AuthoringMagics(state);
  }

  /** Begins to start Spark, so that it is there when a cell needs it; returns at once. */
  public void startBehind() {
    state.spark().startBehind();
  }

  /** Completes and explains what stands in a cell. */
  public Assistant assistant() {
    return new Assistant(state);
  }

  /**
   * Runs a cell.
   *
   * @param number as Jupyter numbers it
   * @param output where it shows what comes before its result
   * @return its result; nothing for a cell that has none
   * @throws CellFailure when it has none because something is wrong; the next cell can run
   */
  public Optional<Content> run(int number, String code, CellOutput output) throws CellFailure {
    state.beginCell();
    try {
      Optional<Content> result = run(new Cell(new SourceText("", number, code)), output);
      if (state.wasInterrupted()) {
        throw CellFailure.interrupted();
      }
      return result;
    } catch (CellFailure e) {
      throw state.wasInterrupted()
          ? CellFailure.interrupted()
          : e.redacted(state.messageRedaction());
    } catch (JobException e) {
      throw CellFailure.of(e).redacted(state.messageRedaction());
    } catch (LakeException e) {
      throw CellFailure.of(new Problem(ErrorCode.LAKE, null, e.getMessage(), e.remedy()));
    } catch (CancellationException | InterruptedException e) {
      throw CellFailure.interrupted();
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      // Whatever it is, the next cell is to run
      throw state.wasInterrupted() ? CellFailure.interrupted() : unexpected(e);
    } finally {
      state.endCell();
    }
  }

  private CellFailure unexpected(Throwable e) {
    Redaction redaction = state.messageRedaction();
    String message = e.getMessage() == null ? "" : e.getMessage().strip();
    String first = message.lines().findFirst().orElse(e.getClass().getSimpleName());
    return CellFailure.of(e.getClass().getSimpleName(), redaction.apply(first));
  }

  private Optional<Content> run(Cell cell, CellOutput output) throws Exception {
    if (cell.source().text().isBlank() || cell.isOnlyComments()) {
      return Optional.empty();
    }
    refuseSecrets(cell);
    if (state.spark().discardDead()) {
      output.warn(
          "Spark had stopped; a new session starts. Run the cells again whose views you need.");
      state.forgetViews();
    }
    if (cell.isMagic()) {
      Optional<AuthoringMagic> magic = AuthoringMagic.of(cell.firstWord());
      if (magic.isPresent()) {
        return magics.run(magic.get(), cell, output);
      }
    }
    JobSource source = read(cell);
    return source.blocks().isEmpty() ? Optional.empty() : stages.run(cell, source, output);
  }

  private static void refuseSecrets(Cell cell) throws CellFailure {
    Matcher secret = SECRET.matcher(cell.source().text());
    if (secret.find()) {
      int line = (int) cell.source().text().substring(0, secret.start()).lines().count();
      throw CellFailure.of(
          "SECRET_IN_CELL",
          "cell "
              + cell.source().cell()
              + " line "
              + Math.max(1, line)
              + ": A secret stands in the cell, and would be saved with the notebook; "
              + "define it with %secret NAME and write ${NAME} for \""
              + secret.group(1)
              + "\" [SECRET_IN_CELL]");
    }
  }

  /** An author may have meant one of the magics that a job does not have. */
  private static JobSource read(Cell cell) {
    try {
      return JobReader.readCell(cell, StageCells.PLACEHOLDER);
    } catch (JobException e) {
      Problem problem = e.problems().get(0);
      if (problem.code() != ErrorCode.UNKNOWN_MAGIC || !cell.isMagic()) {
        throw e;
      }
      Optional<String> nearest = NearestName.question(cell.firstWord(), AuthoringMagic.allWords());
      String remedy = problem.remedy().startsWith("a job knows") ? "%help lists the magics" : null;
      throw new JobException(
          problem.withRemedy(nearest.orElse(remedy == null ? problem.remedy() : remedy)));
    }
  }

  /** Cancels what the running cell does; comes from another thread. */
  public void interrupt() {
    state.interrupt();
  }

  /** The session, for those who want to look at it; nothing while it starts. */
  Optional<SparkSession> session() {
    return state.spark().ready();
  }

  /** A cell's code as others may see it, who are told what ran. */
  String withoutSecrets(String code) {
    return state.messageRedaction().apply(code);
  }

  /** The variables of the notebook, without its secrets. */
  Map<String, String> variables() {
    return state.shownVariables();
  }

  @Override
  public void close() {
    state.close();
  }
}
