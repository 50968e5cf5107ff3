"""What will be in the cluster: our own manifests, from the synthesized template, and those of the
charts; whether what they refer to is there, whether their pods are let in, and who reaches them.
"""

import json
import re

# Service accounts, secrets and config maps that Kubernetes or EKS makes by itself
MADE_BY_KUBERNETES = {
    ("ServiceAccount", None, "default"),
    ("ConfigMap", None, "kube-root-ca.crt"),
}
BUILT_IN_NAMESPACES = {"default", "kube-system", "kube-public", "kube-node-lease"}
LIFECYCLES = {"OnDemand", "Ec2Spot"}


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
        return "10.0.0.0/16" if attribute == "CidrBlock" else logical_id.lower()[:40]

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
                path = resource.get("Metadata", {}).get("aws:cdk:path", logical_id).removesuffix("/Resource/Default")
                for document in json.loads(self.resolve(resource["Properties"]["Manifest"])):
                    yield path, document

    def values(self):
        """The values of each chart, by its name."""
        for resource in self.template["Resources"].values():
            if resource["Type"] == "Custom::AWSCDK-EKS-HelmChart":
                properties = resource["Properties"]
                yield properties["Chart"], json.loads(self.resolve(properties["Values"]))


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


# --- who is let in, and who reaches whom ------------------------------------------------------


def pod_templates(objects):
    """The pods that the cluster's own controllers make: where, name, namespace, labels, spec."""
    for where, document, namespace in objects.documents:
        template = (document.get("spec") or {}).get("template")
        if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job") and template:
            labels = template["metadata"].get("labels", {})
            yield where, f"{document['kind']}/{document['metadata']['name']}", namespace, labels, template["spec"]


def check_pod_security(objects, report):
    """Whether the namespace's Pod Security standard lets the pods in; a Deployment itself is always taken."""
    levels = {
        document["metadata"]["name"]: document["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce")
        for _, document, _ in objects.documents
        if document["kind"] == "Namespace"
    }
    count = 0
    for where, what, namespace, _, spec in pod_templates(objects):
        level = levels.get(namespace)
        if level not in ("baseline", "restricted"):
            continue
        count += 1
        for problem in [*baseline_problems(spec), *(restricted_problems(spec) if level == "restricted" else [])]:
            report.problem(where, f"{what}: {namespace} takes only {level} pods, and this one {problem}")
    print(f"{count} kinds of pods held to their namespace's Pod Security standard")


def containers(spec):
    return spec.get("initContainers", []) + spec["containers"]


def baseline_problems(spec):
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field):
            yield f"has {field}"
    for volume in spec.get("volumes", []):
        if "hostPath" in volume:
            yield f"mounts the node's {volume['hostPath']['path']}"
    for container in containers(spec):
        if container.get("securityContext", {}).get("privileged"):
            yield f"has the privileged container {container['name']}"


def restricted_problems(spec):
    pod = spec.get("securityContext", {})
    for container in containers(spec):
        own, name = container.get("securityContext", {}), container["name"]
        if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            yield f"may run {name} as root"
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"may escalate privileges in {name}"
        if own.get("capabilities", {}).get("drop") != ["ALL"]:
            yield f"keeps capabilities in {name}"
        if own.get("seccompProfile", pod.get("seccompProfile", {})).get("type") not in ("RuntimeDefault", "Localhost"):
            yield f"has no seccomp profile in {name}"


def check_reachable(objects, report):
    """Whether network policies let in the calls that come from outside: webhooks and the load balancer."""
    count = 0
    for where, what, namespace, name, port in called_services(objects):
        service = objects.find("Service", namespace, name)
        if service is None:
            report.problem(where, f"{what}: there is no Service {name} in namespace {namespace}")
            continue
        target = next((p.get("targetPort", p["port"]) for p in service["spec"]["ports"] if port in (p["port"], p.get("name"))), None)
        if target is None:
            report.problem(where, f"{what}: Service {name} has no port {port}")
            continue
        selected = [pod for pod in pod_templates(objects) if pod[2] == namespace and matches(service["spec"]["selector"], pod[3])]
        if not selected:
            report.problem(where, f"{what}: Service {name} has no pods")
        for _, pod, _, labels, spec in selected:
            count += 1
            if not lets_in(objects, namespace, labels, spec, target):
                report.problem(where, f"{what}: no network policy lets anything reach port {target} of {pod}")
    print(f"{count} ways in held against the network policies")


def called_services(objects):
    for where, document, namespace in objects.documents:
        what = f"{document['kind']}/{document['metadata'].get('name', '')}"
        for config in find_all(document, "clientConfig"):
            if isinstance(config, dict) and "service" in config:
                service = config["service"]
                yield where, what, service["namespace"], service["name"], service.get("port", 443)
        if document["kind"] == "TargetGroupBinding":
            reference = document["spec"]["serviceRef"]
            yield where, what, namespace, reference["name"], reference["port"]


def matches(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


def selects(selector, labels):
    """A label selector, of which our policies use both forms."""
    for expression in selector.get("matchExpressions", []):
        value, operator = labels.get(expression["key"]), expression["operator"]
        if operator == "In" and value not in expression["values"] or operator == "NotIn" and value in expression["values"]:
            return False
        if operator == "Exists" and value is None or operator == "DoesNotExist" and value is not None:
            return False
    return matches(selector.get("matchLabels", {}), labels)


def lets_in(objects, namespace, labels, spec, target):
    """Whether a policy lets somebody who is no pod of the cluster in; without any policy, everybody is."""
    names = {port.get("name"): port["containerPort"] for container in spec["containers"] for port in container.get("ports", [])}
    policies = [
        document["spec"]
        for _, document, where in objects.documents
        if document["kind"] == "NetworkPolicy"
        and where == namespace
        and "Ingress" in document["spec"].get("policyTypes", ["Ingress"])
        and selects(document["spec"].get("podSelector", {}), labels)
    ]
    if not policies:
        return True
    wanted = names.get(target, target)
    for rule in (rule for policy in policies for rule in policy.get("ingress", [])):
        from_outside = not rule.get("from") or any("ipBlock" in peer for peer in rule["from"])
        ports = [names.get(port.get("port"), port.get("port")) for port in rule.get("ports", [])]
        if from_outside and (not ports or wanted in ports):
            return True
    return False
