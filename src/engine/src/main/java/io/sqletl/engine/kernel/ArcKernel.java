package io.sqletl.engine.kernel;

import io.sqletl.engine.run.EngineVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.dflib.jjava.jupyter.channels.ShellReplyEnvironment;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.JupyterIO;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.kernel.ReplacementOptions;
import org.dflib.jjava.jupyter.kernel.comm.CommManager;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.util.StringStyler;
import org.dflib.jjava.jupyter.messages.Message;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteResult;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks Jupyter's protocol for a {@link CellRunner}. A cell runs on a thread of its own, which an
 * interrupt may meet; that of the channel must go on.
 */
final class ArcKernel extends BaseKernel {

  private static final Logger LOG = LoggerFactory.getLogger(ArcKernel.class);
  private static final String RED = "\u001B[31m";
  private static final String PLAIN = "\u001B[0m";

  private final CellRunner cells;
  private final Assistant assistant;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            // Catalyst recurses over plans, and a statement of many unions is deep
            Thread thread = new Thread(null, task, "cell", 64L << 20);
            thread.setDaemon(true);
            return thread;
          });

  ArcKernel(CellRunner cells) {
    super(
        "arc",
        EngineVersion.ENGINE,
        new LanguageInfo.Builder("arc")
            .version(EngineVersion.ENGINE)
            .mimetype("text/x-arc")
            .fileExtension(".json")
            .pygments("sql")
            .codemirror("sql")
            .build(),
        List.of(new HelpLink("Spark SQL", "https://spark.apache.org/docs/latest/sql-ref.html")),
        new CellHistory(),
        new JupyterIO(StandardCharsets.UTF_8),
        new CommManager(),
        new Renderer(),
        null,
        null,
        /* extensionsEnabled */ false,
        new StringStyler.Builder().build());
    this.cells = cells;
    this.assistant = cells.assistant();
  }

  @Override
  public String getBanner() {
    return "sql-etl "
        + EngineVersion.ENGINE
        + " on Spark "
        + org.apache.spark.package$.MODULE$.SPARK_VERSION()
        + "; %help lists the magics";
  }

  /** One kernel a process is the library's rule; a test has several. */
  @Override
  protected void installNotebookKernel() {
    // Nothing looks for the one kernel of this process
  }

  @Override
  protected void uninstallNotebookKernel() {
    // See above
  }

  @Override
  protected void handleExecuteRequest(ShellReplyEnvironment env, Message<ExecuteRequest> message) {
    commManager.setMessageContext(message);
    ExecuteRequest request = message.getContent();
    boolean isSilent = request.isSilent();
    boolean counts = !isSilent && request.shouldStoreHistory() && !request.getCode().isBlank();
    int number = counts ? executionCount.getAndIncrement() : executionCount.get();
    env.setBusyDeferIdle();
    if (!isSilent) {
      env.publish(new PublishExecuteInput(cells.withoutSecrets(request.getCode()), number));
    }
    FrontEnd output = new FrontEnd(env, request.isStdinEnabled(), isSilent);
    try {
      Optional<Content> result = runCell(number, request.getCode(), output);
      output.close();
      if (counts) {
        ((CellHistory) historyManager)
            .add(
                number,
                cells.withoutSecrets(request.getCode()),
                result.map(Content::plain).orElse(null));
      }
      if (!isSilent) {
        result.ifPresent(
            content -> env.publish(new PublishExecuteResult(number, FrontEnd.data(content))));
      }
      env.reply(new ExecuteReply(number, Map.of()));
    } catch (CellFailure e) {
      output.close();
      List<String> lines = e.lines().stream().map(line -> RED + line + PLAIN).toList();
      if (!isSilent) {
        env.publish(new PublishError(e.name(), e.getMessage(), lines));
      }
      // Those that came in until now, and not those that the author sends knowing of the error
      List<Message<?>> waiting =
          request.shouldStopOnError() ? KernelConnection.waiting(env) : List.of();
      ErrorReply reply = new ErrorReply(e.name(), e.getMessage(), lines);
      reply.setExecutionCount(number);
      env.replyError(ExecuteReply.MESSAGE_TYPE.error(), reply);
      // Idle comes first, or front ends take the others' messages for this cell's
      env.resolveDeferrals();
      waiting.forEach(other -> KernelConnection.abort(env, other));
    }
  }

  private Optional<Content> runCell(int number, String code, CellOutput output) throws CellFailure {
    Future<Optional<Content>> running = worker.submit(() -> cells.run(number, code, output));
    try {
      return running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CellFailure failure) {
        throw failure;
      }
      LOG.error("A cell ended in an error of the kernel", e.getCause());
      throw CellFailure.of("KERNEL_ERROR", String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CellFailure.interrupted();
    }
  }

  @Override
  public Object evalRaw(String source) {
    throw new UnsupportedOperationException("Cells are run by handleExecuteRequest");
  }

  @Override
  public DisplayData inspect(String code, int at, boolean extraDetail) {
    return assistant.inspect(code, utf16(code, at)).map(FrontEnd::data).orElse(null);
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    Assistant.Completion completion = assistant.complete(code, utf16(code, at));
    return new ReplacementOptions(
        completion.texts(),
        code.codePointCount(0, completion.start()),
        code.codePointCount(0, completion.end()));
  }

  /** Jupyter counts code points, Java half of some. */
  private static int utf16(String code, int codePoints) {
    int all = code.codePointCount(0, code.length());
    return code.offsetByCodePoints(0, Math.max(0, Math.min(codePoints, all)));
  }

  @Override
  public String isComplete(String code) {
    return switch (assistant.completeness(code)) {
      case COMPLETE -> IS_COMPLETE_YES;
      case INVALID -> IS_COMPLETE_BAD;
      case INCOMPLETE -> "";
    };
  }

  @Override
  public void interrupt() {
    cells.interrupt();
  }

  @Override
  public void onShutdown(boolean isRestarting) {
    cells.interrupt();
    worker.shutdownNow();
    cells.close();
  }
}
