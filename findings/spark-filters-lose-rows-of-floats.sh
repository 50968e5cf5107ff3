#!/usr/bin/env bash
# Spark's filters on files lose rows of floats: those of -0.0, and those of NaN in files of others.
#
# To Spark 4.1.1 NaN is greater than every number and equal to itself, and -0.0 equals 0.0. It hands
# filters to Parquet and ORC, which pass over what their dictionaries and statistics rule out:
# a dictionary of Parquet that has -0.0 alone has no 0.0, the statistics of ORC order -0.0 before 0.0,
# and pyarrow 21.0.0 leaves NaN out of the greatest value of a column. The rows are gone without a
# word, from files that Spark wrote itself too. Without the handing over they are found.
#
# Needs Java 17 or newer and Python 3 with venv.
# Seen: x = 0 finds 0 of 2 rows in Parquet and 0 of 2 in ORC of Spark; x > 0.6 finds 0 of 1 in Parquet
# of pyarrow; all are found with spark.sql.parquet.filterPushdown and spark.sql.orc.filterPushdown off.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip -q install pyarrow==21.0.0 pyspark==4.1.1
venv/bin/python - <<'PY'
import pyarrow as pa, pyarrow.parquet as pq
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
zeros = spark.createDataFrame([(-7.0,), (-0.0,), (-0.0,)], "x double").coalesce(1)
zeros.write.parquet("zeros.parquet")
zeros.write.orc("zeros.orc")
pq.write_table(pa.table({"x": [0.5, float("nan"), 0.25]}), "nan.parquet")


def found(handed_over):
    for name in ("parquet", "orc"):
        spark.conf.set(f"spark.sql.{name}.filterPushdown", handed_over)
    return (
        spark.read.parquet("zeros.parquet").filter("x = 0").count(),
        spark.read.orc("zeros.orc").filter("x = 0").count(),
        spark.read.parquet("nan.parquet").filter("x > 0.6").count(),
    )


by_default, without = found("true"), found("false")
spark.stop()
print("by default", by_default, "without handing over", without)
assert by_default == (0, 0, 0) and without == (2, 2, 1), "this has changed"
PY
