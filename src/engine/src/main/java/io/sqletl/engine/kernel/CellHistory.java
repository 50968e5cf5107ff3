package io.sqletl.engine.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager;

/** The cells that ran in this kernel, for consoles. */
final class CellHistory implements HistoryManager {

  private static final int MOST = 1_000;

  private record Cell(int number, String input, String output) {}

  private final List<Cell> cells = new ArrayList<>();

  /**
   * @param output the result's text; null for none
   */
  synchronized void add(int number, String input, String output) {
    cells.add(new Cell(number, input, output));
    if (cells.size() > MOST) {
      cells.remove(0);
    }
  }

  @Override
  public synchronized List<HistoryEntry> lookupRange(
      int session, int start, int end, Set<ResultFlag> flags) {
    return session > 0
        ? List.of()
        : entries(
            cells.stream().filter(cell -> cell.number >= start && cell.number < end).toList(),
            flags);
  }

  @Override
  public synchronized List<HistoryEntry> lookupTail(int length, Set<ResultFlag> flags) {
    return entries(cells.subList(Math.max(0, cells.size() - length), cells.size()), flags);
  }

  @Override
  public synchronized List<HistoryEntry> search(String pattern, int length, Set<ResultFlag> flags) {
    Pattern glob =
        Pattern.compile(
            ("\\Q" + pattern.replace("\\E", "") + "\\E")
                .replace("*", "\\E.*\\Q")
                .replace("?", "\\E.\\Q"),
            Pattern.DOTALL);
    List<Cell> found = cells.stream().filter(cell -> glob.matcher(cell.input).matches()).toList();
    if (flags.contains(ResultFlag.UNIQUE)) {
      Map<String, Cell> last = new LinkedHashMap<>();
      found.forEach(cell -> last.put(cell.input, cell));
      found = List.copyOf(last.values());
    }
    int from = length < 1 ? 0 : Math.max(0, found.size() - length);
    return entries(found.subList(from, found.size()), flags);
  }

  private static List<HistoryEntry> entries(List<Cell> some, Set<ResultFlag> flags) {
    boolean withOutput = flags.contains(ResultFlag.INCLUDE_OUTPUT);
    return some.stream()
        .map(cell -> new HistoryEntry(0, cell.number, cell.input, withOutput ? cell.output : null))
        .toList();
  }
}
