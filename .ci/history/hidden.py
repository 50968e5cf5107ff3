"""The history of .ci/history/job.conf with deletion vectors, and what DuckDB finds in it.

Usage: hidden.py FOLDER, in an environment of .ci/readers/delta-scan
"""

import datetime as dt
import sys

NAMES = ["id", "name", "valid_from", "valid_to", "is_current"]


def versions():
    """Those that the three loads come to, in the order of NAMES."""
    first, second, third = (dt.date(2026, month, 1) for month in (1, 2, 3))
    rows = []
    for thing in range(200):
        if thing % 20 == 3:
            rows += [(thing, "a", first, second, False), (thing, "b", second, None, True)]
        elif thing % 40 == 5:
            rows += [(thing, "a", first, third, False)]
        elif thing % 20 == 5:
            rows += [(thing, "a", first, third, False), (thing, "c", third, None, True)]
        else:
            rows += [(thing, "a", first, None, True)]
    return rows


def main():
    import glob
    import os

    import duckdb
    import duckdb_extension_delta

    package = os.path.dirname(duckdb_extension_delta.__file__)
    (extension,) = glob.glob(f"{package}/extensions/*/delta.duckdb_extension")
    connection = duckdb.connect()
    connection.execute(f"load '{extension}'")
    found = connection.execute(f"select {', '.join(NAMES)} from delta_scan('{sys.argv[1]}')").fetchall()
    same = sorted(found, key=repr) == sorted(versions(), key=repr)
    print(f"{'same     ' if same else 'DIFFERENT'} {len(found):3} rows  hidden, DuckDB's delta_scan")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
