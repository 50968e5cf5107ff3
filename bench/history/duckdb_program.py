"""The changes of the benchmark put into a history by DuckDB, from Parquet to Parquet, for the record."""

import sys

import duckdb

table, changes, output = sys.argv[1:]
duckdb.sql(
    f"""
    COPY (
      WITH versions AS (
        SELECT id, name, email, state, valid_from FROM '{table}' WHERE is_current
        UNION ALL SELECT id, name, email, state, updated_at FROM '{changes}'
      ), told AS (
        SELECT *, lag((name, email, state)) OVER thing AS before FROM versions
        WINDOW thing AS (PARTITION BY id ORDER BY valid_from)
      )
      SELECT id, name, email, state, valid_from,
        lead(valid_from) OVER (PARTITION BY id ORDER BY valid_from) AS valid_to
      FROM told WHERE before IS NULL OR before <> (name, email, state)
    ) TO '{output}' (FORMAT parquet)
    """
)
