"""Unpacks an image's tar into a folder, as a container's root directory is made.

Usage: unpack.py IMAGE_TAR FOLDER

FOLDER/.image then says how it is run: the user, the working directory, and the environment, a line each.
"""

import gzip
import io
import json
import shutil
import sys
import tarfile
from pathlib import Path

REMOVED = ".wh."


def layer(archive, name):
    stream = archive.extractfile(name)
    head = stream.read(2)
    stream.seek(0)
    return gzip.GzipFile(fileobj=stream) if head == b"\x1f\x8b" else stream


def unpack_layer(content, folder):
    for member in content:
        path = folder / member.name
        if path.name.startswith(REMOVED):
            gone = path.parent / path.name[len(REMOVED) :]
            if not gone.exists() and not gone.is_symlink():
                raise SystemExit(f"{member.name} removes what no layer under it has")
            shutil.rmtree(gone) if gone.is_dir() and not gone.is_symlink() else gone.unlink()
            continue
        if member.isdev() or member.isfifo():
            continue
        content.extract(member, folder, filter="fully_trusted")


def main(image, folder):
    folder = Path(folder)
    with tarfile.open(image) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))[0]
        for name in manifest["Layers"]:
            with tarfile.open(fileobj=io.BufferedReader(layer(archive, name), 1 << 20), mode="r|") as content:
                unpack_layer(content, folder)
        config = json.load(archive.extractfile(manifest["Config"]))["config"]
    lines = [config["User"], config["WorkingDir"], *config.get("Env", [])]
    (folder / ".image").write_text("".join(f"{line}\n" for line in lines))


main(*sys.argv[1:])
