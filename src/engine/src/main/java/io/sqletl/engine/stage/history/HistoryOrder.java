package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/** Whether the versions of one thing are a history, as {@link HistoryVerification} says it. */
final class HistoryOrder implements Serializable {

  private static final long serialVersionUID = 1;

  private final boolean isNewest;
  private final TimeOrder order;

  HistoryOrder(boolean isNewest, TimeOrder order) {
    this.isNewest = isNewest;
    this.order = order;
  }

  boolean isSound(List<TableVersion> versions) {
    if (isNewest) {
      return versions.size() <= 1;
    }
    List<TableVersion> inOrder =
        versions.stream().sorted(Comparator.comparing(TableVersion::start, order)).toList();
    TableVersion before = null;
    for (TableVersion version : inOrder) {
      boolean isInterval =
          version.start() != null
              && (version.end() == null || order.isBefore(version.start(), version.end()));
      boolean follows =
          before == null
              || before.end() != null
                  && order.isBefore(before.start(), version.start())
                  && !order.isBefore(version.start(), before.end());
      if (!isInterval || !follows || !version.markedRight()) {
        return false;
      }
      before = version;
    }
    return true;
  }
}
