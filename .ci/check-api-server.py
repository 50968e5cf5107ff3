"""Gives our manifests, as the CDK synthesizes them, to a real API server of Kubernetes, and asks it
what it makes of them: strict validation, Pod Security admission, and who may do what.

Usage: check-api-server.py TEMPLATE SCHEMAS

KUBEBUILDER_ASSETS names a folder with etcd, kube-apiserver and kubectl, as setup-envtest lays it
out. Nothing runs in this cluster: it has no nodes and no controllers.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "deployment"))
from check_charts import load_documents  # noqa: E402
from check_objects import Objects, Template, pod_templates  # noqa: E402

# Namespace and account; verb and resource with its group and subresource; in which namespace; whether it must be allowed
RIGHTS = [
    ("spark:arcjob", "create pods", "spark", True),
    ("spark:arcjob", "deletecollection pods", "spark", True),
    ("spark:arcjob", "deletecollection persistentvolumeclaims", "spark", True),
    ("spark:arcjob", "patch workflowtaskresults.argoproj.io", "spark", True),
    ("spark:arcjob", "create sparkapplications.sparkoperator.k8s.io", "spark", True),
    ("spark:arcjob", "get secrets", "spark", False),
    ("spark:arcjob", "create pods/exec", "spark", False),
    ("spark:arcjob", "create pods", "jupyter", False),
    ("spark:nativejob", "create pods", "spark", True),
    ("spark:nativejob", "create workflows.argoproj.io", "spark", False),
    ("spark:spark-executor", "get pods", "spark", False),
    ("jupyter:sparkoneks", "get pods", "jupyter", False),
    ("jupyter:sparkoneks", "create pods", "spark", False),
    ("argo:argo-server", "list workflows.argoproj.io", "", True),
    ("argo:argo-server", "get secrets", "argo", False),
    ("argo:argo-server", "get secrets", "jupyter", False),
    ("spark:workflow-user", "create workflows.argoproj.io", "spark", True),
    ("spark:workflow-user", "list clusterworkflowtemplates.argoproj.io", "", True),
    ("spark:workflow-user", "get pods/log", "spark", True),
    ("spark:workflow-user", "get secrets", "spark", False),
    ("spark:workflow-user", "create workflows.argoproj.io", "argo", False),
]


class ApiServer:
    def __init__(self, assets, folder):
        self.assets = assets
        self.folder = folder
        self.processes = []
        self.port = free_port()

    def run(self):
        folder = self.folder
        (folder / "tokens.csv").write_text("local,admin,1,system:masters\n")
        subprocess.run(["openssl", "genrsa", "-out", folder / "key", "2048"], check=True, capture_output=True)
        etcd, peer = free_port(), free_port()
        self.start(
            "etcd", f"--data-dir={folder / 'etcd'}", "--initial-cluster=default=http://127.0.0.1:%d" % peer,
            f"--listen-client-urls=http://127.0.0.1:{etcd}", f"--advertise-client-urls=http://127.0.0.1:{etcd}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}", f"--initial-advertise-peer-urls=http://127.0.0.1:{peer}",
        )  # fmt: skip
        self.start(
            "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{etcd}", "--bind-address=127.0.0.1",
            f"--secure-port={self.port}", f"--cert-dir={folder / 'certificates'}", "--authorization-mode=RBAC",
            f"--token-auth-file={folder / 'tokens.csv'}", f"--service-account-key-file={folder / 'key'}",
            f"--service-account-signing-key-file={folder / 'key'}", "--service-cluster-ip-range=172.20.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc", "--disable-admission-plugins=ServiceAccount",
        )  # fmt: skip
        for _ in range(240):
            if self.kubectl("get", "--raw", "/readyz").returncode == 0:
                return
            time.sleep(0.5)
        raise RuntimeError((folder / "kube-apiserver.log").read_text()[-2000:])

    def start(self, program, *arguments):
        with open(self.folder / f"{program}.log", "w") as log:
            self.processes.append(subprocess.Popen([self.assets / program, *arguments], stdout=log, stderr=log))

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def kubectl(self, *arguments, document=None):
        return subprocess.run(
            [self.assets / "kubectl", f"--server=https://127.0.0.1:{self.port}", "--insecure-skip-tls-verify", "--token=local", *arguments],
            input=document and json.dumps(document), capture_output=True, text=True,
        )  # fmt: skip

    def apply(self, document):
        return self.kubectl("apply", "--server-side", "--validate=strict", "-f", "-", document=document)

    def allows(self, account, right, namespace):
        verb, resource = right.split()
        name, _, group = resource.partition(".")
        name, _, subresource = name.partition("/")
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SubjectAccessReview",
            "spec": {
                "user": f"system:serviceaccount:{account}",
                "groups": ["system:serviceaccounts", "system:authenticated"],
                "resourceAttributes": {
                    "namespace": namespace, "verb": verb, "group": group, "resource": name, "subresource": subresource,
                },
            },
        }  # fmt: skip
        done = self.kubectl("create", "-f", "-", "--output=json", document=review)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)["status"]["allowed"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def check(server, manifests, definitions):
    problems = []
    for definition in definitions:
        # No webhook answers here
        definition["spec"].pop("conversion", None)
        done = server.apply(definition)
        if done.returncode != 0:
            problems.append(f"{definition['metadata']['name']}: {done.stderr.strip()}")
    server.kubectl("wait", "--for=condition=Established", "customresourcedefinitions", "--all", "--timeout=60s")
    objects = Objects()
    for path, document in manifests:
        objects.add(path, document, None)
        done = server.apply(document)
        if done.returncode != 0:
            problems.append(f"{path}: {done.stderr.strip()}")
    for path, what, namespace, labels, spec in pod_templates(objects):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "try", "namespace": namespace, "labels": labels}, "spec": spec}
        done = server.kubectl("create", "--dry-run=server", "-f", "-", document=pod)
        if done.returncode != 0 or "Warning" in done.stderr:
            problems.append(f"{path}: a pod of {what}: {done.stderr.strip()}")
    for account, right, namespace, allowed in RIGHTS:
        if server.allows(account, right, namespace) != allowed:
            problems.append(f"{account} may {'not ' if allowed else ''}{right} in {namespace or 'every namespace'}")
    print(f"{len(definitions)} definitions, {len(manifests)} manifests, {len(RIGHTS)} rights: {len(problems)} problems")
    return problems


def main():
    template, schemas = Path(sys.argv[1]), Path(sys.argv[2])
    definitions = [d for file in sorted((schemas / "crds").glob("*.yaml")) for d in load_documents(file.read_text())]
    with tempfile.TemporaryDirectory() as folder:
        server = ApiServer(Path(os.environ["KUBEBUILDER_ASSETS"]), Path(folder))
        try:
            server.run()
            problems = check(server, list(Template(template).manifests()), definitions)
        finally:
            server.stop()
    for problem in problems:
        print(f"  PROBLEM {problem}")
    sys.exit(1 if problems else 0)


main()
