package io.sqletl.engine.stage.history;

import io.sqletl.engine.stage.StageException;
import java.util.List;
import java.util.Optional;

/** Whether a load means the history that a table is. */
final class LayoutComparison {

  private final String uri;
  private final HistoryLayout stored;

  LayoutComparison(String uri, HistoryLayout stored) {
    this.uri = uri;
    this.stored = stored;
  }

  /**
   * @throws StageException with the first setting that is another
   */
  void require(HistoryLayout wanted) {
    require("historyType", stored.type().text(), wanted.type().text());
    require("keys", lower(stored.keys()), lower(wanted.keys()));
    require("validFrom", stored.validFrom(), wanted.validFrom());
    require("validTo", stored.validTo(), wanted.validTo());
    require("isCurrent", stored.isCurrent(), wanted.isCurrent());
    if (wanted.isDeleted().isPresent()) {
      require("isDeleted", stored.isDeleted(), wanted.isDeleted());
    }
    require("openEnd", stored.openEnd().orElse("NULL"), wanted.openEnd().orElse("NULL"));
    if (stored.validFrom().isEmpty()) {
      require("sequenceBy", lower(stored.sequence()), lower(wanted.sequence()));
    }
  }

  private void require(String key, Optional<String> there, Optional<String> here) {
    require(
        key,
        there.orElse("off").toLowerCase(java.util.Locale.ROOT),
        here.orElse("off").toLowerCase(java.util.Locale.ROOT));
  }

  private void require(String key, String there, String here) {
    if (!there.equals(here)) {
      throw new StageException(
          "The history at '"
              + uri
              + "' was made with \""
              + key
              + "\": "
              + there
              + ", and this load says "
              + here
              + ". Set it to what the table has, or load into another place.");
    }
  }

  private static String lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(java.util.Locale.ROOT)).toList().toString();
  }
}
