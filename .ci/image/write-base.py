"""Writes a root directory as an image's tar, with the settings of Spark's official image.

Usage: write-base.py FOLDER TAR
"""

import hashlib
import io
import json
import platform
import sys
import tarfile
import tempfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


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


def main(folder, target):
    with tempfile.NamedTemporaryFile() as file:
        digest = layer_of(folder, file.name)
        with tarfile.open(target, "w") as archive:
            archive.add(file.name, arcname="layer.tar")
            add(archive, "config.json", {
                "architecture": ARCHITECTURES[platform.machine()],
                "os": "linux",
                "config": {
                    "User": "spark",
                    "Env": [
                        "PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "JAVA_HOME=/opt/java/openjdk",
                        "SPARK_HOME=/opt/spark",
                    ],
                    "Entrypoint": ["/opt/entrypoint.sh"],
                    "WorkingDir": "/opt/spark/work-dir",
                },
                "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
            })  # fmt: skip
            add(archive, "manifest.json", [
                {"Config": "config.json", "RepoTags": ["spark-base:latest"], "Layers": ["layer.tar"]},
            ])  # fmt: skip


main(*sys.argv[1:])
