"""What the programs of this folder share: building, data, runs in turns, comparing, the table."""

import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import time
import typing

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
WORK = BENCH / "target" / "work"
DATA = BENCH / "target" / "data"
SCHEMA = BENCH / "meta" / "lineitem_meta.json"
SCD2 = ROOT / "example" / "notebook" / "scd2-job.ipynb"
APP_CODE = ROOT / "deployment" / "app_code"


class BenchError(Exception):
    """Ends the run with its text, without a trace."""


@dataclasses.dataclass
class Sample:
    """Wall time and CPU of a command with its children in seconds, and the peak of the largest in MB."""

    wall: float
    cpu: float
    megabytes: float = 0

    def __str__(self):
        return f"{self.wall:.1f} s, {self.cpu:.1f} CPU-s, {self.megabytes:.0f} MB"


@dataclasses.dataclass
class Side:
    """One of the two commands that are compared; it writes its table to output."""

    name: str
    command: list
    output: pathlib.Path
    before: typing.Callable = lambda: None  # lays out what the command changes, and is not measured


@dataclasses.dataclass
class Limit:
    """A ratio of medians, ours to theirs, that must not be exceeded, and one to aim at."""

    measure: str
    bar: float
    goal: float


UNITS = {"cpu": "CPU-s", "wall": "wall s", "megabytes": "MB"}


def run_main(main):
    """Ends the process with what main says, and without a trace where it is told to stop."""
    try:
        sys.exit(main())
    except BenchError as e:
        sys.exit(str(e))
    except KeyboardInterrupt:
        sys.exit(130)


# Building, data, running


def build(options):
    """Compiles the yardsticks and the engine. Theirs is the class path that Maven says, ours the one that etl runs."""
    log("building")
    maven = ["./mvnw", "-B", "-ntp", "-q", "-Pbench"] + ([] if options.online else ["-o"])
    plain = WORK / "plain.classpath"
    command = [
        *maven, "-DskipTests", "-pl", "bench", "-am", "package", "dependency:build-classpath",
        "-DincludeScope=runtime", f"-Dmdep.outputFile={plain}",
    ]
    if subprocess.run(command, check=False).returncode != 0:
        hint = "" if options.online else "; if something is only missing, try --online"
        raise BenchError(f"Maven could not build the benchmarks{hint}")
    run_quietly(["./etl", "--version"])
    state = ROOT / ".etl"
    classes = BENCH / "target" / "classes"
    return {
        "plain": f"{classes}:{plain.read_text().strip()}",
        "engine": f"{classes}:{state / 'engine.jar'}:{(state / 'classpath').read_text().strip()}",
    }


def java(classpath, main_class, *arguments):
    """A plain start: the modules that Spark needs opened, and nothing else."""
    home = os.environ.get("JAVA_HOME")
    executable = f"{home}/bin/java" if home else "java"
    modules = re.search(r"<jvm.options>(.*?)</jvm.options>", (ROOT / "pom.xml").read_text(), re.DOTALL)
    return [executable, *modules[1].split(), "-cp", classpath, f"io.sqletl.bench.{main_class}", *map(str, arguments)]


def etl(notebook, lake, *arguments):
    """The command as a user types it; a lake of its own keeps other runs out of the figures."""
    return ["./etl", "run", str(notebook), "--lake", str(lake), "--log", "text", *arguments]


def lineitem(classpaths, scale, broken=0.0):
    """The file with that scale and share of broken values, generated unless it is there."""
    file = DATA / f"lineitem-{scale}-{broken}.tbl"
    if not file.exists():
        log(f"generating {file.name}")
        run_quietly(java(classpaths["plain"], "LineItems", file, scale, broken))
    log(f"{file.name}: {file.stat().st_size / 1e6:.0f} MB")
    return file


def run_quietly(command):
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        # What the program itself says counts, and Spark logs much to the other one
        raise BenchError(failure(command, process.stderr + process.stdout))
    return process.stdout


def failure(command, output):
    tail = "\n".join(output.splitlines()[-25:])
    shown = [part for part in command if len(part) < 500]
    return f"Failed: {shlex.join(shown)}\n{tail}"


def timed(side):
    shutil.rmtree(side.output, ignore_errors=True)
    side.before()
    return measured(side.command, WORK / f"{side.name}.log")


def measured(command, log_file):
    """Runs a command and counts what it and its children used, until the last has ended."""
    with open(log_file, "wb") as output:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchError(failure(command, log_file.read_text(errors="replace")))
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleave(options, ours, theirs):
    """Runs A B A B, after one of each that builds, trains and fills caches and is not counted."""
    for side in (ours, theirs):
        log(f"{side.name}: first run, not counted")
        timed(side)
    samples = {ours.name: [], theirs.name: []}
    for run in range(options.runs):
        for side in (ours, theirs):
            sample = timed(side)
            samples[side.name].append(sample)
            log(f"{side.name} {run + 1}/{options.runs}: {sample}")
    return samples[ours.name], samples[theirs.name]


def compare(classpaths, how, ours, theirs):
    """Holds the results against each other; figures of different work say nothing."""
    said = run_quietly(java(classpaths["plain"], "CompareTables", how, ours, theirs)).strip()
    return f"equal ({said})"


def log(text):
    print(f"  {text}", flush=True)


def variables(file, output):
    return [
        f"--ETL_CONF_SCHEMA={SCHEMA.as_uri()}",
        f"--ETL_CONF_INPUT={file.as_uri()}",
        f"--ETL_CONF_OUTPUT={output.as_uri()}",
    ]


# The table


def print_table(results):
    head = ["row", "measure", "ours", "min", "theirs", "min", "ratio", "bar", "goal", "verdict"]
    lines = []
    passed = True
    for row, ours, theirs, _, limits in results:
        for measure, unit in UNITS.items():
            limit = next((limit for limit in limits if limit.measure == measure), None)
            if measure == "megabytes" and limit is None:
                continue
            mine = [getattr(sample, measure) for sample in ours]
            yours = [getattr(sample, measure) for sample in theirs]
            ratio = statistics.median(mine) / statistics.median(yours)
            verdict = "" if limit is None else "FAILS" if ratio > limit.bar else "goal" if ratio <= limit.goal else "passes"
            passed = passed and verdict != "FAILS"
            lines.append([
                row, unit,
                f"{statistics.median(mine):.2f}", f"{min(mine):.2f}",
                f"{statistics.median(yours):.2f}", f"{min(yours):.2f}", f"{ratio:.2f}",
                f"{limit.bar:.2f}" if limit else "", f"{limit.goal:.2f}" if limit else "", verdict,
            ])
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
    print()
    for line in [head, ["-" * width for width in widths], *lines]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |")
    print("\nMedians, and the lowest of the runs. Results:")
    for row, _, _, same, _ in results:
        print(f"  {row}: {same}")
    return 0 if passed else 1
