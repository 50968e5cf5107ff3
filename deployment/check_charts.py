"""Checks every chart's values and every manifest of ours against the real charts and schemas.

Helm ignores a value that the chart does not know, and a cluster tells of a wrong field only
when half of the deployment is done. So, before any of it:

- each chart is rendered with Helm, at its pinned version, with our values;
- a value of ours that changes nothing in the rendered chart fails the check;
- what is rendered, and the manifests in the synthesized template, must be valid for Kubernetes
  or for the charts' own resource definitions, unknown fields refused;
- what our manifests and the charts refer to (service accounts, roles, services, secrets,
  config maps, namespaces) must exist in one of them;
- pods must meet the Pod Security standard of their namespace, and network policies must let in
  what calls webhooks and pages.

With --schemas there is no chart and no Helm: the values are compared with the charts' defaults
and schemas, and our manifests are validated. Wrong references and chart templates go unseen.
"""

import argparse
import copy
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

from check_objects import Objects, Template, check_pod_security, check_reachable

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "src/platform/src/main/resources/io/sqletl/platform"

# Values that a template only reads when it finds something in the cluster (Helm's lookup)
ACT_IN_A_CLUSTER = {("aws-load-balancer-controller", ("keepTLSSecret",))}

# Maps that take any key although the chart's default has some
FREE_FORM = {"extraArgs", "nodeSelector"}


class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    """Safe YAML without the "=" type, which a column list in one of the definitions trips over."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)


class Report:
    def __init__(self):
        self.problems = []

    def problem(self, where, what):
        self.problems.append((where, what))
        print(f"  PROBLEM {where}: {what}")


def load_yaml(text):
    return yaml.load(text, Loader=Loader)


def load_documents(text):
    return [document for document in yaml.load_all(text, Loader=Loader) if document]


# --- charts -----------------------------------------------------------------------------------


class Helm:
    def __init__(self, kubernetes):
        self.kubernetes = kubernetes

    def run(self, *arguments):
        done = subprocess.run(["helm", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout

    def render(self, entry, chart, values):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(values, file)
            file.flush()
            text = self.run(
                "template", entry["release"], chart, "--namespace", entry["namespace"],
                "--values", file.name, "--include-crds", "--kube-version", self.kubernetes,
            )  # fmt: skip
        return load_documents(text)


def find_chart(entry, folder, helm, downloads):
    """The chart as a folder, its version checked against the pin."""
    name, version = entry["chart"], str(entry["version"])
    archive = Path(downloads) / f"{name}-{version}.tgz"
    if folder is None:
        helm.run("pull", name, "--repo", entry["repository"], "--version", version, "--destination", downloads)
    elif not (folder / name).exists():
        archive = folder / archive.name
        if not archive.exists():
            raise RuntimeError(f"neither {folder / name} nor {archive} exists")
    if archive.exists():
        with tarfile.open(archive) as content:
            content.extractall(downloads, filter="data")
        chart = Path(downloads) / name
    else:
        chart = folder / name
    actual = str(load_yaml(helm.run("show", "chart", chart))["version"])
    if actual != version:
        raise RuntimeError(f"the chart at hand is {actual}, pinned is {version}")
    return chart


def leaves(values, path=()):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,), value


def without(values, path):
    result = copy.deepcopy(values)
    parent = result
    for key in path[:-1]:
        parent = parent[key]
    del parent[path[-1]]
    return result


def replaced(values, path, value):
    result = copy.deepcopy(values)
    parent = result
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    return result


MISSING = object()


def look_up(values, path):
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return MISSING
        values = values[key]
    return values


def comparable(documents):
    """The rendered chart without what differs from run to run: generated keys and what hashes them."""

    def clean(node, key=None):
        if isinstance(node, dict):
            if node.get("kind") == "Secret":
                node = {k: v for k, v in node.items() if k not in ("data", "stringData")}
            return {k: clean(v, k) for k, v in node.items() if k != "caBundle" and not k.startswith("checksum/")}
        if isinstance(node, list):
            return [clean(item) for item in node]
        return node

    return json.dumps([clean(document) for document in documents], sort_keys=True, default=str)


def refuses_unknown_values(chart):
    """True when the chart's own schema does this check: then Helm has done it already."""
    schema = chart / "values.schema.json"
    return schema.exists() and json.loads(schema.read_text()).get("additionalProperties") is False


def renders_otherwise(entry, chart, values, baseline, helm):
    try:
        return comparable(helm.render(entry, chart, values)) != baseline
    except RuntimeError:
        return True  # the chart insists on it


def check_effects(entry, chart, values, rendered, helm, report):
    if refuses_unknown_values(chart):
        print("  the chart's own schema refuses unknown values")
        return
    defaults = load_yaml(helm.run("show", "values", chart)) or {}
    baseline = comparable(rendered)
    count = 0
    for path, value in leaves(values):
        count += 1
        default = look_up(defaults, path)
        if default == value:
            continue  # said on purpose, so that a newer chart cannot change it silently
        if (entry["chart"], path) in ACT_IN_A_CLUSTER:
            continue
        # A name may be what the chart makes up by itself, so it is also tried with another
        others = [without(values, path)] + ([replaced(values, path, "another")] if isinstance(value, str) else [])
        if not any(renders_otherwise(entry, chart, other, baseline, helm) for other in others):
            known = "has no effect" if default is not MISSING else "is not known to the chart and has no effect"
            report.problem(f"charts/{entry['chart']}.yaml", f"{'.'.join(path)} {known}")
    print(f"  {count} values looked at one by one")


def unknown_paths(values, defaults, path=()):
    """The values that the chart's defaults have no place for. An empty default takes anything."""
    for key, value in values.items():
        here = path + (key,)
        if key not in defaults:
            yield here
        elif isinstance(value, dict) and isinstance(defaults[key], dict) and defaults[key] and key not in FREE_FORM:
            yield from unknown_paths(value, defaults[key], here)


def merge(defaults, values):
    if not isinstance(defaults, dict) or not isinstance(values, dict):
        return values
    return {**defaults, **{key: merge(defaults.get(key), value) for key, value in values.items()}}


def check_against_defaults(entry, values, folder, report):
    """What can be said of the values without the chart: its defaults, and its schema if it has one."""
    name = entry["chart"]
    defaults = load_yaml((folder / f"{name}.yaml").read_text())
    schema = next(folder.glob(f"{name}.schema.*"), None)
    if schema:
        for error in jsonschema.Draft7Validator(load_yaml(schema.read_text())).iter_errors(merge(defaults, values)):
            report.problem(f"charts/{name}.yaml", f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        if load_yaml(schema.read_text()).get("additionalProperties") is False:
            return
    for path in unknown_paths(values, defaults):
        report.problem(f"charts/{name}.yaml", f"{'.'.join(path)} is not known to the chart")


# --- schemas ----------------------------------------------------------------------------------


def strict(schema):
    """A resource definition's schema as JSON Schema that refuses unknown fields, as the API server does."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items() if key not in ("default", "example", "description")}
    if "properties" in schema:
        result["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
        if schema.get("x-kubernetes-embedded-resource"):
            for name in ("apiVersion", "kind", "metadata"):
                result["properties"].setdefault(name, {})
        if "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            result["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        result.pop("type", None)
        result["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    if schema.get("nullable") and "type" in result:
        result["type"] = [result["type"], "null"]
    return result


class Schemas:
    def __init__(self, kubernetes):
        self.kubernetes = kubernetes
        self.definitions = {}

    def add(self, document):
        """Takes a resource definition; the fuller one where a chart has it in two forms."""
        if document.get("kind") != "CustomResourceDefinition":
            return
        for version in document["spec"]["versions"]:
            schema = version.get("schema", {}).get("openAPIV3Schema")
            if not schema:
                continue
            key = (f"{document['spec']['group']}/{version['name']}", document["spec"]["names"]["kind"])
            if len(str(schema)) > len(str(self.definitions.get(key, ""))):
                self.definitions[key] = schema

    def add_folder(self, folder):
        for file in sorted(folder.rglob("*.yaml")):
            text = file.read_text()
            # Those with template actions come rendered
            if "kind: CustomResourceDefinition" in text and "{{-" not in text:
                for document in load_documents(text):
                    self.add(document)

    def errors(self, document):
        key = (document.get("apiVersion"), document.get("kind"))
        if key in self.definitions:
            validator = jsonschema.Draft7Validator(strict({
                **self.definitions[key],
                "properties": {
                    "apiVersion": {}, "kind": {}, "metadata": {}, **self.definitions[key].get("properties", {}),
                },
            }))  # fmt: skip
            return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(document)]
        try:
            kubernetes_validate.validate(document, self.kubernetes, strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            return [f"no schema for {key[0]} {key[1]}"]
        except kubernetes_validate.ValidationError as error:
            return [f"{'.'.join(map(str, error.path))}: {error.message[:300]}"]
        return []


# ----------------------------------------------------------------------------------------------


def arguments():
    parser = argparse.ArgumentParser(
        prog="check_charts.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--charts", type=Path, metavar="DIR", help="folder with each chart as CHART or CHART-VERSION.tgz")
    source.add_argument(
        "--schemas", type=Path, metavar="DIR",
        help="folder with the charts' resource definitions in crds/, defaults and schemas in values/CHART.yaml, CHART.schema.*",
    )  # fmt: skip
    source.add_argument("--network", action="store_true", help="download the charts from their repositories")
    parser.add_argument("--kubernetes", default="1.35", metavar="MINOR", help="version of Kubernetes (default: %(default)s)")
    parser.add_argument(
        "--template", type=Path, metavar="FILE", default=ROOT / "cdk.out/SparkOnEKS.template.json",
        help="the synthesized template, which holds our own manifests (default: %(default)s, made by npx cdk synth)",
    )  # fmt: skip
    return parser.parse_args()


def main():
    options = arguments()
    if not options.template.exists():
        sys.exit(f"Error: there is no {options.template}. Make it with npx cdk synth.")
    kubernetes = f"{options.kubernetes}.0"
    helm = Helm(kubernetes)
    schemas = Schemas(kubernetes)
    report = Report()
    objects = Objects()
    template = Template(options.template)
    installed = dict(template.values())

    with tempfile.TemporaryDirectory() as downloads:
        for entry in load_yaml((RESOURCES / "charts.yaml").read_text()):
            print(f"{entry['chart']} {entry['version']}")
            values = installed.get(entry["chart"])
            if values is None:
                print("  is not installed by this template")
                continue
            if options.schemas:
                check_against_defaults(entry, values, options.schemas / "values", report)
                continue
            try:
                chart = find_chart(entry, options.charts, helm, downloads)
                rendered = helm.render(entry, chart, values)
            except RuntimeError as error:
                report.problem(f"charts/{entry['chart']}.yaml", str(error))
                continue
            check_effects(entry, chart, values, rendered, helm, report)
            schemas.add_folder(chart)
            for document in rendered:
                schemas.add(document)
                objects.add(entry["chart"], document, entry["namespace"])
            print(f"  {len(rendered)} objects rendered")
        if options.schemas:
            schemas.add_folder(options.schemas / "crds")

    manifests = list(template.manifests())
    print(f"{len(manifests)} manifests of ours")
    for path, document in manifests:
        objects.add(path, document, None)

    print(
        f"validating {len(objects.documents)} objects against Kubernetes {options.kubernetes}"
        f" and {len(schemas.definitions)} resource definitions"
    )
    for where, document, _ in objects.documents:
        for error in schemas.errors(document):
            report.problem(where, f"{document['kind']}/{document['metadata'].get('name', '')}: {error}")
    check_pod_security(objects, report)
    if not options.schemas:
        objects.check(report)
        check_reachable(objects, report)

    print(f"{len(report.problems)} problems" if report.problems else "No problems.")
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
