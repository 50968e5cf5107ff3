package io.sqletl.engine.stage.jdbc;

import java.util.Locale;

/**
 * What a column of SQLite prefers its values to be, by the words of its type
 * (https://www.sqlite.org/datatype3.html, 3.1).
 */
public enum SqliteAffinity {
  INTEGER,
  TEXT,
  NONE,
  /** Numbers of 64 bits with a fraction, also where the type is called FLOAT. */
  REAL,
  /** Numbers, by a name that says so. */
  NUMERIC,
  /** Numbers too, by a name that says something else, such as DATE, STRING or JSON. */
  OTHER;

  /** That of a type as it was declared. */
  public static SqliteAffinity of(String declared) {
    String type = declared.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return INTEGER;
    }
    if (type.matches(".*(CHAR|CLOB|TEXT).*")) {
      return TEXT;
    }
    if (type.isBlank() || type.contains("BLOB")) {
      return NONE;
    }
    if (type.matches(".*(REAL|FLOA|DOUB).*")) {
      return REAL;
    }
    return type.matches("(NUM|DEC|BOOL|BIT|MONEY).*") ? NUMERIC : OTHER;
  }

  public boolean isOfNumbers() {
    return this == INTEGER || this == REAL || this == NUMERIC;
  }
}
