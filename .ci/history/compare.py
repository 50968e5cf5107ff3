"""Reads the histories of .ci/history/job.conf by programs of others, and compares row by row."""

import datetime as dt
import glob
import sys
from decimal import Decimal
from urllib.parse import unquote, urlparse

import deltalake
import duckdb
import hidden
import pyarrow
import pyarrow.fs

out = sys.argv[1]
UTC = dt.timezone.utc


def at(day):
    return dt.datetime(2026, 1, 1, 0, 0, 0, 1, UTC) + dt.timedelta(days=day)


def day(text):
    return dt.date.fromisoformat(text)


FOREVER = day("9999-12-31")
EXPECTED = {
    "full": (
        "id name amount valid_from valid_to is_current",
        [
            (1, "a", Decimal("1.10"), at(1), at(5), False),
            (1, "b", Decimal("2.00"), at(5), at(9), False),
            (1, "c", Decimal("3.00"), at(9), None, True),
            (2, "x ", None, at(1), at(4), False),
            (2, "y", Decimal("5.00"), at(7), None, True),
            (3, None, Decimal("0.00"), at(1), at(6), False),
            (3, "z", Decimal("0.00"), at(6), None, True),
            (4, "ñ", Decimal("4.00"), at(2), None, True),
        ],
    ),
    "marked": (
        "country id name since until gone",
        [
            ("DE", 1, "a", day("2026-01-01"), day("2026-02-01"), False),
            ("DE", 1, "a", day("2026-02-01"), FOREVER, True),
            ("FR", 1, "f", day("2026-01-01"), day("2026-03-01"), False),
            ("FR", 1, "g", day("2026-03-01"), FOREVER, False),
        ],
    ),
    "snapshot": (
        "id name valid_from valid_to is_current",
        [
            (1, "a", day("2026-01-01"), day("2026-01-02"), False),
            (2, "b", day("2026-01-01"), day("2026-01-02"), False),
            (2, "x", day("2026-01-02"), None, True),
            (3, "c", day("2026-01-02"), None, True),
        ],
    ),
    "newest": ("id name day n", [(1, "b", day("2026-01-02"), 1)]),
    "several": (
        "id name valid_from valid_to is_current",
        [
            (1, "a", {"day": day("2026-01-01"), "n": 2}, {"day": day("2026-01-02"), "n": 1}, False),
            (1, "b", {"day": day("2026-01-02"), "n": 1}, None, True),
            (1, "z", {"day": day("2026-01-01"), "n": 1}, {"day": day("2026-01-01"), "n": 2}, False),
        ],
    ),
}
# What the product reads of them: held on 6 January at noon, and holds now
THEN = [row for row in EXPECTED["full"][1] if row[:2] in ((1, "b"), (3, None), (4, "ñ"))]
NOW = [row for row in EXPECTED["marked"][1] if row[2] == "g"]

failures = []


def plain(value):
    """Times as of UTC, whichever way a program says that."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def check(what, rows, expected):
    found = sorted((tuple(plain(value) for value in row) for row in rows), key=repr)
    wanted = sorted(expected, key=repr)
    same = found == wanted and [list(map(type, row)) for row in found] == [
        list(map(type, row)) for row in wanted
    ]
    print(f"{'same     ' if same else 'DIFFERENT'} {len(wanted):3} rows  {what}")
    if not same:
        failures.append(what)
        for row in [row for row in found if row not in wanted][:10]:
            print("           not expected:", row)
        for row in [row for row in wanted if row not in found][:10]:
            print("           missing:     ", row)


def duck(relation, names):
    connection = duckdb.connect()
    connection.execute("set timezone='UTC'")
    # Its Python client needs another package for times with a zone
    types = dict(row[:2] for row in connection.execute(f"describe select * from {relation}").fetchall())
    columns = [f"{n}::timestamp" if "TIME ZONE" in types[n] else n for n in names]
    return connection.execute(f"select {', '.join(columns)} from {relation}").fetchall()


def parquet(files):
    names = ", ".join(f"'{file}'" for file in files)
    return f"read_parquet([{names}], hive_partitioning=true, hive_types_autocast=false)"


for table, (columns, expected) in EXPECTED.items():
    names = columns.split()
    folder = f"{out}/{table}"
    # Through delta-rs's own storage Python aborts now and then when it ends, after all is read
    storage = pyarrow.fs.SubTreeFileSystem(folder, pyarrow.fs.LocalFileSystem())
    delta = deltalake.DeltaTable(folder)
    rows = delta.to_pyarrow_table(filesystem=storage).to_pylist()
    check(f"{table}, delta-rs", [[row[name] for name in names] for row in rows], expected)
    files = [unquote(urlparse(uri).path) for uri in delta.file_uris()]
    check(f"{table}, DuckDB", duck(parquet(files), names), expected)

# Where a deletion vector hides rows delta-rs reads by its own engine alone, and files tell too much
if not glob.glob(f"{out}/hidden/deletion_vector_*.bin"):
    failures.append("hidden has no deletion vectors")
query = deltalake.QueryBuilder().register("hidden", deltalake.DeltaTable(f"{out}/hidden"))
rows = pyarrow.table(query.execute(f"select {', '.join(hidden.NAMES)} from hidden").read_all()).to_pylist()
check("hidden, delta-rs", [[row[name] for name in hidden.NAMES] for row in rows], hidden.versions())

for name, table, expected in (("full_then", "full", THEN), ("marked_now", "marked", NOW)):
    files = sorted(glob.glob(f"{out}/{name}/part-*"))
    check(f"{name}, DuckDB", duck(parquet(files), EXPECTED[table][0].split()), expected)

if failures:
    sys.exit(f"{len(failures)} tables differ")
