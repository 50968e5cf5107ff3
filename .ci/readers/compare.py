"""Reads what .ci/readers/job.conf wrote by programs of others, and compares value by value."""

import base64
import csv
import datetime as dt
import glob
import json
import math
import struct
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal

import deltalake
import duckdb
import fastavro
import pandas
import pyarrow.csv
import pyarrow.fs
import pyarrow.orc
import pyarrow.parquet

out = sys.argv[1]
UTC = dt.timezone.utc

TEXTS = {
    1: " lead and trail ", 2: "", 3: None, 4: 'pipe 5" blue, steel', 5: "c\\", 6: "a,\\",
    7: "line1\nline2", 8: "cr\rx", 9: "crlf\r\nx", 10: '"', 11: "NULL", 12: "a;b|c\td",
    13: "=1+1", 14: "00123", 15: "1e3", 16: "😀 ä", 17: "\u2028", 18: "#x",
    19: "<a>&amp;]]>", 20: '\\"', 21: "None",
}
NAMES = "b i1 i2 i4 i8 f4 f8 d0 d18 d t n x".split()


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


TYPED = {
    1: [True, 127, 32767, 2147483647, 9223372036854775807, single(1.1), 2.0e23,
        Decimal("12345678901234567890123456789012345678"), Decimal("0.000000000000000001"),
        dt.date(9999, 12, 31), dt.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
        dt.datetime(9999, 12, 31, 23, 59, 59, 999999), b"\x00\xff\x80"],
    2: [False, -128, -32768, -2147483648, -9223372036854775808, -0.0, -0.0, Decimal(-1), Decimal("-1.1"),
        dt.date(1, 1, 1), dt.datetime(1, 1, 1, 0, 0, 0, 1, UTC),
        dt.datetime(1582, 10, 10, 1, 2, 3, 500000), b""],
    3: [None] * 13,
    4: [True, 0, 0, 0, 9007199254740993, single(3.4e38), 4.9e-324, Decimal(0), Decimal("1.10"),
        dt.date(1582, 10, 10), dt.datetime(1582, 10, 10, 1, 2, 3, 123456, UTC),
        dt.datetime(1969, 12, 31, 23, 59, 59, 999999), b"\n\r\""],
}

failures = []


def same(found, expected):
    if isinstance(expected, float) and isinstance(found, float):
        return found == expected and math.copysign(1, found) == math.copysign(1, expected)
    return type(found) is type(expected) and found == expected


def check(what, found, expected):
    """Compares rows by their id."""
    wrong = []
    if sorted(found) != sorted(expected):
        wrong.append(f"ids {sorted(found)} instead of {sorted(expected)}")
    for key in sorted(set(found) & set(expected)):
        there, wanted = found[key], expected[key]
        if not isinstance(wanted, list):
            there, wanted = [there], [wanted]
        for place, (one, other) in enumerate(zip(there, wanted, strict=True)):
            if not same(one, other):
                wrong.append(f"row {key} value {place}: {one!r} instead of {other!r}")
    print(f"{'DIFFERENT' if wrong else 'same     '} {len(expected):3} rows  {what}")
    for line in wrong[:10]:
        print("          ", line)
    failures.extend(wrong)


def one(folder, ending):
    files = sorted(name for name in glob.glob(f"{out}/{folder}/part-*") if name.endswith(ending))
    assert len(files) == 1, (folder, files)
    return files[0]


def utc(value):
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(UTC)
    return value


def texts(rows):
    return {row["id"]: row["v"] for row in rows}


def typed(rows):
    return {row["id"]: [utc(row[name]) for name in NAMES] for row in rows}


def of_text(row):
    """A typed row of a format that has only text; None stays."""
    def to(name, make):
        return None if row.get(name) in (None, "") and name != "x" else make(row[name])

    def time(text):
        return dt.datetime.fromisoformat(text)
    makers = [lambda v: {"true": True, "false": False}[str(v).lower()], int, int, int, int,
              lambda v: single(float(v)), float, Decimal, Decimal, dt.date.fromisoformat, time, time]
    values = [to(name, make) for name, make in zip(NAMES, makers)]
    return values + [None if row.get("x") is None else base64.b64decode(row["x"])]


# Delimited text
with open(one("csv-texts", ".csv"), newline="", encoding="utf-8") as file:
    # Python's reader does not tell an empty text from nothing
    check("csv texts, Python's csv", {int(r["id"]): r["v"] for r in csv.DictReader(file)},
          {**TEXTS, 3: ""})
with open(one("csv-typed", ".csv"), newline="", encoding="utf-8") as file:
    rows = {int(r["id"]): of_text(r) for r in csv.DictReader(file)}
    rows[3][-1] = None if rows[3][-1] == b"" else rows[3][-1]
    check("csv types, Python's csv", rows, TYPED)
frame = pandas.read_csv(one("csv-texts", ".csv"), dtype=str, keep_default_na=False, lineterminator="\n")
check("csv texts, pandas", {int(r.id): r.v for r in frame.itertuples()}, {**TEXTS, 3: ""})
frame = pandas.read_csv(one("csv-only", ".csv"))
check("csv of one column with NULL, pandas", {0: [len(frame), int(frame.v.isna().sum())]}, {0: [3, 1]})
options = pyarrow.csv.ConvertOptions(
    column_types={"id": "int32", "v": "string"}, strings_can_be_null=True,
    quoted_strings_can_be_null=False, null_values=[""])
table = pyarrow.csv.read_csv(one("csv-texts", ".csv"), convert_options=options,
                             parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))
check("csv texts, NULL and '' apart, pyarrow", texts(table.to_pylist()), TEXTS)
found = duckdb.sql(
    f"select id, v from read_csv('{one('csv-texts', '.csv')}', header=true, delim=',', quote='\"',"
    " escape='\"', columns={'id': 'INTEGER', 'v': 'VARCHAR'}, strict_mode=true, new_line='\\n')").fetchall()
check("csv texts, DuckDB", {key: "" if value is None else value for key, value in found}, {**TEXTS, 3: ""})

# JSON
with open(one("json-texts", ".json"), encoding="utf-8", newline="\n") as file:
    check("json texts, Python's json",
          {r["id"]: r.get("v") for r in map(json.loads, file)}, TEXTS)
with open(one("json-typed", ".json"), encoding="utf-8", newline="\n") as file:
    rows = [json.loads(line, parse_float=str) for line in file]
    check("json types, Python's json", {r["id"]: of_text(r) for r in rows}, TYPED)
found = duckdb.sql(
    f"select id, v from read_json('{one('json-texts', '.json')}', format='newline_delimited',"
    " columns={'id': 'INTEGER', 'v': 'VARCHAR'})").fetchall()
check("json texts, DuckDB", dict(found), TEXTS)

# XML: a parser of XML takes blanks and line ends as the standard says, so what is told is left out
told = {1, 2, 8, 9, 17}
tree = ET.parse(one("xml-texts", ".xml"))
rows = {int(row.find("id").text): None if row.find("v") is None else row.find("v").text
        for row in tree.getroot()}
check("xml texts, Python's xml", {k: v for k, v in rows.items() if k not in told},
      {k: v for k, v in TEXTS.items() if k not in told})
tree = ET.parse(one("xml-typed", ".xml"))
rows = {}
for row in tree.getroot():
    values = {child.tag: child.text or "" for child in row}
    rows[int(values["id"])] = of_text(values)
check("xml types, Python's xml", rows, TYPED)

# Parquet, ORC, Avro, Delta
parquet = {kind: one(f"parquet-{kind}", ".parquet") for kind in ("texts", "typed")}
check("parquet texts, pyarrow", texts(pyarrow.parquet.read_table(parquet["texts"]).to_pylist()), TEXTS)
check("parquet types, pyarrow", typed(pyarrow.parquet.read_table(parquet["typed"]).to_pylist()), TYPED)
group = pyarrow.parquet.ParquetFile(parquet["typed"]).metadata.row_group(0)
column = [group.column(i) for i in range(group.num_columns) if group.column(i).path_in_schema == "t"][0]
check("parquet type and statistics of a timestamp, pyarrow",
      {0: [column.physical_type, utc(column.statistics.max)]},
      {0: ["INT64", dt.datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)]})


def duck(relation, kind):
    connection = duckdb.connect()
    connection.execute("set timezone='UTC'")
    if kind == "texts":
        return dict(connection.execute(f"select id, v from {relation}").fetchall())
    # Its Python client needs another package for times with a zone
    query = f"select id, {', '.join(NAMES)} from {relation}".replace(", t,", ", t::timestamp,")
    rows = {}
    for row in connection.execute(query).fetchall():
        values = list(row[1:])
        if values[10] is not None:
            values[10] = values[10].replace(tzinfo=UTC)
        rows[row[0]] = values
    return rows


for kind, expected in (("texts", TEXTS), ("typed", TYPED)):
    check(f"parquet {kind}, DuckDB", duck(f"read_parquet('{parquet[kind]}')", kind), expected)
frame = pandas.read_parquet(parquet["texts"])
check("parquet texts, pandas",
      {int(r.id): None if pandas.isna(r.v) else r.v for r in frame.itertuples()}, TEXTS)
check("orc texts, pyarrow", texts(pyarrow.orc.read_table(one("orc-texts", ".orc")).to_pylist()), TEXTS)
# ORC's times are nanoseconds in 64 bits here, years 1677 to 2262, and pyarrow takes the days of its
# old calendar for those of ours
table = pyarrow.orc.read_table(
    one("orc-typed", ".orc"), columns=["id"] + [name for name in NAMES if name not in "tnd"])
keep = [place for place, name in enumerate(NAMES) if name not in "tnd"]
check("orc types but times and dates, pyarrow",
      {r["id"]: [r[NAMES[place]] for place in keep] for r in table.to_pylist()},
      {key: [row[place] for place in keep] for key, row in TYPED.items()})
with open(one("avro-texts", ".avro"), "rb") as file:
    check("avro texts, fastavro", texts(fastavro.reader(file)), TEXTS)
with open(one("avro-typed", ".avro"), "rb") as file:
    check("avro types, fastavro", typed(fastavro.reader(file)), TYPED)


def delta(kind, **filters):
    folder = f"{out}/delta-{kind}"
    # Through delta-rs's own storage Python aborts now and then when it ends, after all is read
    storage = pyarrow.fs.SubTreeFileSystem(folder, pyarrow.fs.LocalFileSystem())
    return deltalake.DeltaTable(folder).to_pyarrow_table(filesystem=storage, **filters).to_pylist()


for kind, expected, rows in (("texts", TEXTS, texts), ("typed", TYPED, typed)):
    check(f"delta {kind}, delta-rs", rows(delta(kind)), expected)
# Files are passed over by their statistics, which have to hold for the last and the first time too
for key, operator in ((1, ">="), (2, "<=")):
    time = TYPED[key][10]
    check(f"delta rows with t {operator} {time}, delta-rs",
          typed(delta("typed", filters=[("t", operator, time)])), {key: TYPED[key]})

if failures:
    sys.exit(f"{len(failures)} values differ")
