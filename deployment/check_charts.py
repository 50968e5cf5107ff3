"""Checks every chart's values and every manifest of ours against the real charts and schemas.

Helm ignores a value that the chart does not know, and a cluster tells of a wrong field only
when half of the deployment is done. So, before any of it:

- each chart is rendered with Helm, at its pinned version, with our values;
- a value of ours that changes nothing in the rendered chart fails the check;
- what is rendered, and the manifests in the synthesized template, must be valid for Kubernetes
  or for the charts' own resource definitions, unknown fields refused;
- what our manifests and the charts refer to (service accounts, roles, services, secrets,
  config maps, namespaces) must exist in one of them.

With --schemas there is no chart and no Helm: the values are compared with the charts' defaults
and schemas, and our manifests are validated. Wrong references and chart templates go unseen.
"""

import argparse
import copy
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "src/platform/src/main/resources/io/sqletl/platform"

# What stands in for a value that is known only when the stack is deployed
SAMPLES = {
    "region": "us-east-1",
    "urlSuffix": "amazonaws.com",
    "vpcId": "vpc-0123456789abcdef0",
    "roleArn": "arn:aws:iam::111122223333:role/sample",
    "serverRoleArn": "arn:aws:iam::111122223333:role/sample",
    "jobServiceAccount": "arcjob",
    "jupyterUser": "sparkoneks",
    "imageTag": "v1.35.2",
}

# Service accounts, secrets and config maps that Kubernetes or EKS makes by itself
MADE_BY_KUBERNETES = {
    ("ServiceAccount", None, "default"),
    ("ConfigMap", None, "kube-root-ca.crt"),
}
BUILT_IN_NAMESPACES = {"default", "kube-system", "kube-public", "kube-node-lease"}
LIFECYCLES = {"OnDemand", "Ec2Spot"}

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


def kebab(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def fill_placeholders(text):
    return re.sub(r"<<(\w+)>>", lambda match: SAMPLES.get(match[1], kebab(match[1])), text)


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
        try:
            changed = comparable(helm.render(entry, chart, without(values, path))) != baseline
        except RuntimeError:
            changed = True  # the chart insists on it
        if not changed:
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


# --- our manifests ----------------------------------------------------------------------------


class Template:
    """The synthesized template, with samples for what only a deployment knows."""

    PSEUDO = {
        "AWS::Region": "us-east-1",
        "AWS::AccountId": "111122223333",
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": "SparkOnEKS",
        "AWS::NoValue": "",
    }

    def __init__(self, file):
        self.template = json.loads(file.read_text())

    def sample(self, logical_id, attribute=None):
        if attribute and attribute.lower().endswith("arn"):
            return f"arn:aws:sample:us-east-1:111122223333:{logical_id.lower()}"
        return logical_id.lower()[:40]

    def resolve(self, node):
        if isinstance(node, list):
            return [self.resolve(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((function, argument),) = node.items()
            if function == "Ref":
                if argument in self.PSEUDO:
                    return self.PSEUDO[argument]
                parameter = self.template.get("Parameters", {}).get(argument)
                return parameter.get("Default") or argument.lower() if parameter else self.sample(argument)
            if function == "Fn::GetAtt":
                return self.sample(*argument) if isinstance(argument, list) else self.sample(*argument.split(".", 1))
            if function == "Fn::Join":
                return argument[0].join(str(part) for part in self.resolve(argument[1]))
            if function == "Fn::If":
                return self.resolve(argument[1])
            if function == "Fn::Select":
                return self.resolve(argument[1])[int(argument[0])]
            if function == "Fn::Split":
                # A sample has none of the separators of the real value
                return self.resolve(argument[1]).split(argument[0]) + ["sample"] * 8
            if function == "Fn::Sub":
                text = argument if isinstance(argument, str) else argument[0]
                return re.sub(r"\$\{([^}!]+)\}", lambda match: self.PSEUDO.get(match[1], self.sample(match[1])), text)
        return {key: self.resolve(value) for key, value in node.items()}

    def manifests(self):
        for logical_id, resource in self.template["Resources"].items():
            if resource["Type"] == "Custom::AWSCDK-EKS-KubernetesResource":
                for document in json.loads(self.resolve(resource["Properties"]["Manifest"])):
                    yield logical_id, document


# --- what refers to what ----------------------------------------------------------------------


class Objects:
    """Everything that will be in the cluster, by kind, namespace and name."""

    def __init__(self):
        self.documents = []
        self.known = set()

    def add(self, where, document, namespace):
        metadata = document.get("metadata", {})
        namespace = metadata.get("namespace", namespace)
        self.documents.append((where, document, namespace))
        self.known.add((document["kind"], namespace, metadata.get("name")))
        if document["kind"] == "ExternalSecret":
            target = document["spec"].get("target", {}).get("name", metadata.get("name"))
            self.known.add(("Secret", namespace, target))

    def has(self, kind, namespace, name):
        return bool({(kind, namespace, name), (kind, None, name)} & (self.known | MADE_BY_KUBERNETES))

    def find(self, kind, namespace, name):
        for _, document, where in self.documents:
            if (document["kind"], where, document["metadata"].get("name")) == (kind, namespace, name):
                return document
        return None

    def check(self, report):
        namespaces = {document["metadata"]["name"] for _, document, _ in self.documents if document["kind"] == "Namespace"}
        for where, document, namespace in self.documents:
            what = f"{document['kind']}/{document['metadata'].get('name', '')}"
            if namespace and namespace not in namespaces | BUILT_IN_NAMESPACES:
                report.problem(where, f"{what}: nothing makes the namespace {namespace}")
            for kind, name in self.references(document):
                if not self.has(kind, namespace, name):
                    report.problem(where, f"{what}: there is no {kind} {name} in namespace {namespace}")
            for selector in find_all(document, "nodeSelector"):
                lifecycle = selector.get("lifecycle") if isinstance(selector, dict) else None
                if lifecycle and lifecycle not in LIFECYCLES:
                    report.problem(where, f"{what}: no node has the label lifecycle={lifecycle}")
            if document["kind"] == "TargetGroupBinding":
                self.check_binding(report, where, what, document, namespace)

    def check_binding(self, report, where, what, document, namespace):
        reference = document["spec"]["serviceRef"]
        service = self.find("Service", namespace, reference["name"])
        if service is None:
            report.problem(where, f"{what}: there is no Service {reference['name']} in namespace {namespace}")
            return
        ports = {port for entry in service["spec"]["ports"] for port in (entry["port"], entry.get("name"))}
        if reference["port"] not in ports:
            report.problem(where, f"{what}: Service {reference['name']} has no port {reference['port']}, only {ports}")

    def references(self, document):
        if document["kind"] in ("RoleBinding", "ClusterRoleBinding"):
            yield document["roleRef"]["kind"], document["roleRef"]["name"]
        for spec in find_all(document, "spec"):
            if not isinstance(spec, dict) or "containers" not in spec:
                continue
            if "serviceAccountName" in spec:
                yield "ServiceAccount", spec["serviceAccountName"]
            for volume in spec.get("volumes", []):
                if "configMap" in volume and not volume["configMap"].get("optional"):
                    yield "ConfigMap", volume["configMap"]["name"]
                if "secret" in volume and not volume["secret"].get("optional"):
                    yield "Secret", volume["secret"]["secretName"]
            for kind, field in (("Secret", "secretKeyRef"), ("ConfigMap", "configMapKeyRef"), ("Secret", "secretRef"), ("ConfigMap", "configMapRef")):
                for reference in find_all(spec, field):
                    if not reference.get("optional"):
                        yield kind, reference["name"]


def find_all(node, key):
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from find_all(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from find_all(item, key)


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
    parser.add_argument("--charts-only", action="store_true", help="leave our own manifests out")
    return parser.parse_args()


def main():
    options = arguments()
    if not options.charts_only and not options.template.exists():
        sys.exit(f"Error: there is no {options.template}. Make it with npx cdk synth, or give --charts-only.")
    kubernetes = f"{options.kubernetes}.0"
    helm = Helm(kubernetes)
    schemas = Schemas(kubernetes)
    report = Report()
    objects = Objects()

    with tempfile.TemporaryDirectory() as downloads:
        for entry in load_yaml((RESOURCES / "charts.yaml").read_text()):
            print(f"{entry['chart']} {entry['version']}")
            values = load_yaml(fill_placeholders((RESOURCES / "charts" / f"{entry['chart']}.yaml").read_text()))
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

        if not options.charts_only:
            manifests = list(Template(options.template).manifests())
            print(f"{len(manifests)} manifests of ours")
            for logical_id, document in manifests:
                objects.add(logical_id, document, None)

    print(f"validating {len(objects.documents)} objects against Kubernetes {options.kubernetes} and {len(schemas.definitions)} resource definitions")
    for where, document, _ in objects.documents:
        for error in schemas.errors(document):
            report.problem(where, f"{document['kind']}/{document['metadata'].get('name', '')}: {error}")
    if not options.charts_only and not options.schemas:
        objects.check(report)

    print(f"{len(report.problems)} problems" if report.problems else "No problems.")
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
