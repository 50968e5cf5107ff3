#!/usr/bin/env bash
# Through sqlite-jdbc Spark loses the time of day of a DATETIME, and digits of a computed REAL.
#
# sqlite-jdbc 3.50.3.0 says Types.DATE of a column that is declared DATETIME, as of one that is declared
# DATE, and Types.NUMERIC of an expression of a query, which has no declared type. Spark 4.1.1 has no
# dialect for SQLite and takes both at their word: the DATETIME is a DATE without its hours, and 1/3 is a
# DECIMAL(38,18) of the 15 digits that the driver asks SQLite for as a text. A column that is declared
# TIMESTAMP, and one that is declared REAL, are read whole. Nothing is said of either.
#
# Needs Java 17 or newer and Python 3 with venv.
# Seen: at_datetime 2024-02-29, at_timestamp 2024-02-29 10:15:00; v / 3 is 0.333333333333333000, and from a
# table with the declared type 0.3333333333333333.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip -q install pyspark==4.1.1
curl -fsSLo sqlite.jar \
  https://repo.maven.apache.org/maven2/org/xerial/sqlite-jdbc/3.50.3.0/sqlite-jdbc-3.50.3.0.jar
venv/bin/python - <<'PY'
import sqlite3
from pyspark.sql import SparkSession

with sqlite3.connect("a.db") as db:
    db.execute("CREATE TABLE t (at_datetime DATETIME, at_timestamp TIMESTAMP, v REAL)")
    db.execute("INSERT INTO t VALUES ('2024-02-29 10:15:00.000', '2024-02-29 10:15:00.000', 1.0)")
    db.execute("CREATE TABLE third (q REAL)")
    db.execute("INSERT INTO third SELECT v / 3 FROM t")

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.jars", "sqlite.jar")
    .getOrCreate()
)


def read(table):
    reader = spark.read.format("jdbc").option("driver", "org.sqlite.JDBC")
    rows = reader.option("url", "jdbc:sqlite:a.db").option("dbtable", table).load()
    texts = rows.selectExpr(*[f"cast({name} AS STRING)" for name in rows.columns]).first()
    return dict(rows.dtypes), list(texts)


types, times = read("(SELECT at_datetime, at_timestamp FROM t) q")
computed, digits = read("(SELECT v / 3 AS q FROM t) q")
declared, all_digits = read("third")
spark.stop()
print(types, times, computed, digits, declared, all_digits)
assert types == {"at_datetime": "date", "at_timestamp": "timestamp"}, "the types have changed"
assert times == ["2024-02-29", "2024-02-29 10:15:00"], "the times have changed"
assert computed == {"q": "decimal(38,18)"} and digits == ["0.333333333333333000"], "digits have changed"
assert declared == {"q": "double"} and all_digits == ["0.3333333333333333"], "digits have changed"
PY
