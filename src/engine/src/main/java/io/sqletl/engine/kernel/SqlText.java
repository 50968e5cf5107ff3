package io.sqletl.engine.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement that is being written says of the views in it. */
final class SqlText {

  static final List<String> KEYWORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "ORDER BY",
          "HAVING",
          "LIMIT",
          "JOIN",
          "LEFT JOIN",
          "INNER JOIN",
          "CROSS JOIN",
          "ON",
          "AND",
          "OR",
          "NOT",
          "IN",
          "IS NULL",
          "IS NOT NULL",
          "BETWEEN",
          "LIKE",
          "AS",
          "CASE WHEN",
          "THEN",
          "ELSE",
          "END",
          "DISTINCT",
          "UNION ALL",
          "EXCEPT",
          "INTERSECT",
          "WITH",
          "OVER",
          "PARTITION BY",
          "LATERAL VIEW",
          "MERGE INTO",
          "USING",
          "WHEN MATCHED",
          "WHEN NOT MATCHED",
          "UPDATE SET",
          "INSERT",
          "VALUES",
          "DELETE",
          "CAST",
          "TRY_CAST",
          "INTERVAL",
          "NULL",
          "TRUE",
          "FALSE");

  private static final Pattern SOURCE =
      Pattern.compile(
          "\\b(?:FROM|JOIN|INTO|USING|UPDATE|TABLE)\\s+`?([\\w.]+)`?(?:\\s+(?:AS\\s+)?(\\w+))?",
          Pattern.CASE_INSENSITIVE);

  private final Map<String, String> sources = new LinkedHashMap<>();

  SqlText(String code) {
    Matcher source = SOURCE.matcher(code);
    while (source.find()) {
      String view = source.group(1);
      sources.put(lower(view), view);
      if (source.group(2) != null) {
        sources.put(lower(source.group(2)), view);
      }
    }
  }

  /** The view that a name or an alias stands for. */
  Optional<String> view(String nameOrAlias) {
    return Optional.ofNullable(sources.get(lower(nameOrAlias)));
  }

  /** The views that the statement reads or changes. */
  List<String> views() {
    return new ArrayList<>(new java.util.LinkedHashSet<>(sources.values()));
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
