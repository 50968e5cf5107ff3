"""Validates workflows and Spark applications against the real resource definitions.

Usage: check-workflows.py SCHEMAS FILE...

Unknown and duplicate fields are refused, as by a cluster with the full definitions of Argo 4.
"""

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deployment"))
from check_charts import Loader, Schemas  # noqa: E402


class StrictLoader(Loader):
    """YAML that refuses a key given twice, of which the last would count in silence."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value}", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def manifests_of_steps(document):
    """What the steps of a workflow create, with Argo's parameters as they stand."""
    spec = document.get("spec", {})
    for template in spec.get("workflowSpec", spec).get("templates", []):
        if "manifest" in template.get("resource", {}):
            yield template["resource"]["manifest"]


def problems(schemas, file):
    try:
        documents = list(yaml.load_all(file.read_text(), Loader=StrictLoader))
        for document in list(documents):
            for text in manifests_of_steps(document):
                documents += yaml.load_all(text, Loader=StrictLoader)
    except yaml.YAMLError as error:
        return [str(error)]
    found = [] if documents else ["nothing in it"]
    for document in documents:
        found += [f"{document.get('kind')}: {error}" for error in schemas.errors(document)]
    return found


def main(folder, *files):
    schemas = Schemas("1.35")
    schemas.add_folder(Path(folder) / "crds")
    failed = 0
    for name in files:
        found = problems(schemas, Path(name))
        failed += bool(found)
        print(f"{'INVALID' if found else 'valid'} {name}")
        for problem in found:
            print(f"  {problem}")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
