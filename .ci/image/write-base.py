"""Writes a root directory as an image's tar, with the settings of an official image.

Usage: write-base.py FOLDER TAR spark|jupyter
"""

import hashlib
import io
import json
import platform
import sys
import tarfile
import tempfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SETTINGS = {
    "spark": {
        "User": "spark",
        "Env": [
            f"PATH=/opt/java/openjdk/bin:{SYSTEM_PATH}",
            "JAVA_HOME=/opt/java/openjdk",
            "SPARK_HOME=/opt/spark",
        ],
        "Entrypoint": ["/opt/entrypoint.sh"],
        "WorkingDir": "/opt/spark/work-dir",
    },
    "jupyter": {
        "User": "1000",
        "Env": [
            f"PATH=/opt/conda/bin:{SYSTEM_PATH}:/usr/local/spark/bin",
            "CONDA_DIR=/opt/conda",
            "HOME=/home/jovyan",
            "NB_USER=jovyan",
            "LC_ALL=C.UTF-8",
            "SPARK_HOME=/usr/local/spark",
        ],
        "Entrypoint": ["tini", "-g", "--", "start.sh"],
        "WorkingDir": "/home/jovyan",
    },
}


def layer_of(folder, target):
    with tarfile.open(target, "w") as layer:
        layer.add(folder, arcname=".", filter=lambda member: None if member.isdev() else member)
    digest = hashlib.sha256()
    with open(target, "rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def add(archive, name, document):
    text = json.dumps(document).encode()
    member = tarfile.TarInfo(name)
    member.size = len(text)
    archive.addfile(member, io.BytesIO(text))


def main(folder, target, kind):
    with tempfile.NamedTemporaryFile() as file:
        digest = layer_of(folder, file.name)
        with tarfile.open(target, "w") as archive:
            archive.add(file.name, arcname="layer.tar")
            add(archive, "config.json", {
                "architecture": ARCHITECTURES[platform.machine()],
                "os": "linux",
                "config": SETTINGS[kind],
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
            })  # fmt: skip
            add(archive, "manifest.json", [
                {"Config": "config.json", "RepoTags": [f"{kind}-base:latest"], "Layers": ["layer.tar"]},
            ])  # fmt: skip


main(*sys.argv[1:])
