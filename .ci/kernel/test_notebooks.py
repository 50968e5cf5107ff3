"""What an author does: run notebooks, interrupt, restart, have two at once, make mistakes."""

import json
import re
import threading
import time

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from notebook_client import Notebook

LONG_QUERY = "%sql name=long\nSELECT count(*) FROM range(1000000000000L) WHERE id % 7 = 3 AND id % 11 = 5"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    with Notebook(tmp_path_factory.mktemp("notebook")) as opened:
        yield opened


def executed(name, folder):
    """The cells of an example after Run All, by the names of their stages."""
    document = nbformat.read(ROOT / "example" / "notebook" / name, as_version=4)
    NotebookClient(
        document, timeout=300, kernel_name="arc", resources={"metadata": {"path": str(folder)}}
    ).execute()
    found = {}
    for cell in document.cells:
        if cell.cell_type == "code" and cell.source.strip():
            match = re.search(r'"?name"?\s*[:=]\s*"([^"]+)"', cell.source)
            found[match.group(1) if match else cell.source.split()[0]] = cell
    return found


def plain(cell):
    results = [o for o in cell.outputs if o.output_type == "execute_result"]
    return results[-1]["data"]["text/plain"]


def test_scd2_ends_as_etl_run_does(tmp_path):
    cells = executed("scd2-job.ipynb", tmp_path)
    assert json.loads(re.search(r"\{.*\}", plain(cells["check versions"])).group()) == {
        "rows": 1192,
        "expired": 92,
    }
    # Contact 12 has its old and its new version
    assert plain(cells["versions of contact 12"]).count("\n") == 4
    assert (tmp_path / ".lake/datalake/app_code/output/contact_snapshot/_delta_log").is_dir()


def test_history_ends_as_etl_run_does(tmp_path):
    cells = executed("history-job.ipynb", tmp_path)
    assert json.loads(re.search(r"\{.*\}", plain(cells["check versions"])).group()) == {
        "rows": 1195,
        "current": 1097,
    }


def test_taxi_ends_as_etl_run_does(tmp_path):
    cells = executed("nyctaxi-job.ipynb", tmp_path)
    message = json.loads(re.search(r"\{.*\}", plain(cells["log counts"])).group())
    assert message["rejected_values"] == 14
    assert "3,4x" in plain(cells["explain rejected values"])


def test_an_interrupt_stops_a_query_and_leaves_the_session(notebook):
    notebook.run("%sql outputView=kept SELECT 42 AS answer")

    def stop(message):
        # The bar shows that Spark is at work
        if message["msg_type"] == "display_data":
            notebook.manager.interrupt_kernel()

    outcome = notebook.run(LONG_QUERY, stop)
    assert outcome.status == "error"
    assert outcome.of("error")[0]["ename"] == "INTERRUPTED"
    assert "42" in notebook.run("%sql SELECT answer FROM kept").text


def test_cells_behind_a_failed_one_do_not_run(notebook):
    client = notebook.client
    first = client.execute("%sql SELECT nothing FROM nowhere")
    second = client.execute("%sql outputView=never SELECT 1")
    replies = {}
    while len(replies) < 2:
        message = client.get_shell_msg(timeout=60)
        replies[message["parent_header"]["msg_id"]] = message["content"]["status"]
    assert replies == {first: "error", second: "aborted"}
    assert notebook.run("%sql SELECT * FROM never").status == "error"
    assert notebook.run("%sql SELECT 1").status == "ok"


def test_a_mistake_is_told_with_line_caret_and_remedy(notebook):
    outcome = notebook.run(
        '{\n  "type": "DelimitedExtract",\n  "name": "x",\n  "delimeter": "Pipe",\n'
        '  "inputURI": "a.csv",\n  "outputView": "x"\n}'
    )
    error = outcome.error
    assert 'line 4: DelimitedExtract has no key "delimeter"; did you mean "delimiter"?' in error
    assert "^^^^^^^^^" in error
    assert len(error.splitlines()) == 3


def test_markup_in_data_is_shown_as_text(notebook):
    outcome = notebook.run("%sql SELECT '<script>alert(1)</script>' AS `<b>name</b>`")
    assert "<script>" not in outcome.html
    assert "&lt;script&gt;" in outcome.html
    assert "<b>name</b>" not in outcome.html


def test_secrets_are_not_echoed(notebook):
    outcome = notebook.run("%env\nETL_CONF_DB_PASSWORD=hunter22\nETL_CONF_PLAIN=shown")
    assert "ETL_CONF_PLAIN: shown" in outcome.text
    assert "hunter22" not in outcome.text
    outcome = notebook.run(
        "%sql sqlParams=p=${ETL_CONF_DB_PASSWORD}\nSELECT '${p}' AS p, raise_error('${p}') AS q"
    )
    assert outcome.status == "error"
    assert "hunter22" not in outcome.error
    outcome = notebook.run("%sql sqlParams=p=${ETL_CONF_DB_PASSWORD}\nSELECT '${p}' AS p")
    assert outcome.status == "ok"
    assert "hunter22" not in outcome.text + outcome.html


def test_much_is_shown_in_part(notebook):
    wide = ", ".join(f"{i} AS c{i}" for i in range(3000))
    outcome = notebook.run(f"%sql truncate=0\nSELECT {wide}, repeat('x', 10000000) AS y")
    assert outcome.status == "ok"
    assert len(outcome.html) < 2_000_000
    assert "3,001 columns" in outcome.text
    outcome = notebook.run("%sql truncate=0\nSELECT repeat('x', 10000000) AS y FROM range(500)")
    assert len(outcome.html) < 2_000_000
    assert outcome.text.splitlines()[-1].endswith("there are more")


def test_two_notebooks_side_by_side(notebook, tmp_path):
    with Notebook(tmp_path) as other:
        results = {}

        def run(name, where):
            where.run(f"%sql outputView=mine SELECT '{name}' AS whose")
            where.run("CREATE TABLE is no stage")
            results[name] = where.run("%sql SELECT whose FROM mine").text

        threads = [
            threading.Thread(target=run, args=args)
            for args in (("first", notebook), ("second", other))
        ]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert "first" in results["first"]
        assert "second" in results["second"]


def test_a_restart_forgets_views_and_runs_again(tmp_path):
    with Notebook(tmp_path) as restarted:
        restarted.run("%sql outputView=gone SELECT 1")
        began = time.monotonic()
        restarted.manager.restart_kernel(now=False)
        restarted.client.wait_for_ready(timeout=120)
        assert restarted.run("%sql SELECT * FROM gone").of("error")[0]["ename"] == "UNKNOWN_VIEW"
        assert restarted.run("%sql SELECT 1").status == "ok"
        print(f"restart to second result: {time.monotonic() - began:.1f} s")


def test_a_stream_is_shown_for_its_duration(notebook, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("1\n2\n")
    (tmp_path / "schema.json").write_text(
        '[{"id": "", "name": "number", "description": "", "type": "string", "trim": true,'
        ' "nullable": true, "nullableValues": []}]'
    )
    try:
        notebook.run("%conf\nstreaming=true\nstreamingDuration=3")
        outcome = notebook.run(
            '{type: DelimitedExtract, name: s, outputView: s, header: false, '
            f'inputURI: "{tmp_path}/in/*.csv", schemaURI: "{tmp_path}/schema.json"}}'
        )
        assert outcome.status == "ok", outcome.error
        assert re.search(r"^2\b", outcome.text, re.M), outcome.text
    finally:
        notebook.run("%conf\nstreaming=false\nstreamingDuration=10")


def test_pictures(notebook):
    notebook.run("%sql outputView=points SELECT id AS x, id * id AS y FROM range(10)")
    for kind in ("bar", "line"):
        outcome = notebook.run(f"%plot points x=x y=y kind={kind}")
        assert outcome.of("execute_result")[0]["data"]["image/svg+xml"].startswith("<svg")
    outcome = notebook.run("%plot points x=y kind=hist")
    assert outcome.of("execute_result")[0]["data"]["image/svg+xml"].count("<rect") == 21
    outcome = notebook.run("%graph")
    assert "points (10 rows)" in outcome.text
