#!/usr/bin/env bash
# Spark reads folder names of pyarrow's partitions byte by byte.
#
# pyarrow 21.0.0 (its default flavour of write_dataset) and DuckDB write characters of partition values
# beyond ASCII as %XX of their UTF-8 bytes: Zürich is the folder city=Z%C3%BCrich. Spark 4.1.1 takes
# each %XX for a character of its own, so the value that it reads has one more character, "ZÃ¼rich",
# without a word; a filter city = 'Zürich' finds no row. Spark itself writes such characters as they
# are. pyarrow reads its own folders right.
#
# Needs Java 17 or newer and Python 3 with venv.
# Seen: pyarrow ['Zürich'], Spark ['ZÃ¼rich'], rows of the filter 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip -q install pyarrow==21.0.0 pyspark==4.1.1
venv/bin/python - <<'PY'
import pyarrow as pa, pyarrow.dataset as ds
from pyspark.sql import SparkSession

table = pa.table({"id": [1], "city": ["Zürich"]})
ds.write_dataset(table, "lake", format="parquet", partitioning=["city"], partitioning_flavor="hive")
own = ds.dataset("lake", partitioning="hive").to_table()["city"].to_pylist()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
rows = spark.read.parquet("lake")
read = [row.city for row in rows.collect()]
found = rows.filter("city = 'Zürich'").count()
spark.stop()
print("pyarrow", own, "Spark", read, "rows of the filter", found)
assert own == ["Zürich"] and read == ["ZÃ¼rich"] and found == 0, "this has changed"
PY
