"""A pack's folder → a checked ``Pack``; the same bytes give the same value, read once."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from linghang.base.errors import PackError, UnavailableError, UnknownItemError
from linghang.base.findings import Finding, Severity, blocks
from linghang.packs.assembly import assemble
from linghang.packs.binding import Problem, Problems, near
from linghang.packs.model import Pack
from linghang.packs.references import check_references
from linghang.packs.yamlfiles import DuplicateKeyError, line_of, parse

FILES = (
    "pack", "attributes", "events", "metrics", "products", "benefits", "slots", "channels", "brand", "lexicon",
    "playbooks", "phrases", "history", "disclosures", "short_disclosures", "applications",
)  # fmt: skip
"""The files of a pack, each ``NAME.yaml``; beside them ``knowledge/`` holds documents."""
STANDARD = ("metrics", "disclosures", "short_disclosures", "applications")
"""Files that a pack may leave out: then those of ``shipped/standard`` serve."""
_REQUIRED = ("pack", "attributes", "products", "channels", "brand")
_FORMAT = "1"
"""Raise when what ``parse`` returns for the same text changes: it names the compiled cache."""

_loaded: dict[tuple[str, str], Pack] = {}
_Stamp = tuple[tuple[str, int, int, int], ...]
_stamped: dict[Path, tuple[_Stamp, Pack]] = {}


@dataclass(frozen=True)
class Source:
    """A pack's files as read: name → text, the digest of everything in the folder, and where it is."""

    folder: Path
    texts: Mapping[str, str]
    digest: str


def shipped() -> Path:
    """The folder of the packs that come with Linghang."""
    return Path(str(resources.files("linghang.packs"))) / "shipped"


def names() -> tuple[str, ...]:
    """The names of the shipped packs."""
    return tuple(sorted(entry.parent.name for entry in shipped().glob("*/pack.yaml")))


def load(name_or_path: str | Path) -> Pack:
    """The pack of a shipped name (``demo``, ``uci-bank``) or of a folder.

    Raises UnknownItemError("pack.unknown") with the names that exist, PackError("pack.invalid") whose findings name
    file, line, what was found and what is allowed.
    """
    folder = find(name_or_path)
    # Hashing all files takes milliseconds, and every request asks for its pack: unless a file was touched, it is known.
    stamp = _stamp(folder)
    if folder in _stamped and _stamped[folder][0] == stamp:
        return _stamped[folder][1]
    source = read(folder)
    key = (str(source.folder), source.digest)
    if key not in _loaded:
        pack, findings = build(source)
        if pack is None or blocks(findings):
            wrong = tuple(finding for finding in findings if finding.severity in (Severity.S1, Severity.S2))
            raise PackError("pack.invalid", wrong, pack=str(name_or_path), count=len(wrong))
        _loaded[key] = pack
    _stamped[folder] = (stamp, _loaded[key])
    return _loaded[key]


def _stamp(folder: Path) -> _Stamp:
    """Name, inode, size and time of every file of a pack, and of the standard files that may serve for it."""
    found: list[tuple[str, int, int, int]] = []
    for place in (folder, shipped() / "standard"):
        for name, _, files in os.walk(place):
            for file in files:
                told = os.stat(os.path.join(name, file))
                found.append((f"{name}/{file}", told.st_ino, told.st_size, told.st_mtime_ns))
    return tuple(sorted(found))


def check(path: str | Path) -> tuple[Finding, ...]:
    """Everything that is wrong with a pack, and what is odd (S3, S4). Raises UnknownItemError for no such folder."""
    _, findings = build(read(find(path)))
    return findings


def find(name_or_path: str | Path) -> Path:
    """The folder of a pack. A name without a separator is a shipped pack, or else a folder here."""
    text = str(name_or_path)
    for folder in ([shipped() / text] if text in names() else []) + [Path(text)]:
        if text and (folder / "pack.yaml").is_file():
            return folder.resolve()
    raise UnknownItemError("pack.unknown", name=text, have=", ".join(names()), near=near(text, names()))


def read(folder: Path) -> Source:
    """The texts of a pack's YAML files and the digest of all its files, documents included."""
    hashed = hashlib.sha256()
    texts: dict[str, str] = {}
    for file in sorted(item for item in folder.rglob("*") if item.is_file() and not item.name.startswith(".")):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UnavailableError("pack.unreadable", file=str(file), reason=error.strerror or "") from error
        relative = file.relative_to(folder).as_posix()
        hashed.update(f"{len(relative)}:{relative}{len(data)}:".encode() + data)
        if file.parent == folder and file.suffix in (".yaml", ".yml"):
            texts[relative] = data.decode("utf-8", "replace")
    for name in STANDARD:
        if f"{name}.yaml" not in texts:
            texts[f"standard/{name}.yaml"] = (shipped() / "standard" / f"{name}.yaml").read_text("utf-8")
            hashed.update(texts[f"standard/{name}.yaml"].encode())
    return Source(folder, texts, hashed.hexdigest())


def build(source: Source) -> tuple[Pack | None, tuple[Finding, ...]]:
    """The pack of a source, or None, and all findings in order of file and line."""
    problems = Problems()
    raw = _compiled(source) or _parsed(source, problems)
    whole = not any(problem.code in _UNREADABLE for problem in problems.found)
    pack = assemble(raw, source.digest, str(source.folder), problems) if whole else None
    if pack is not None:
        check_references(pack, raw, problems)
    findings = sorted((_finding(source, problem) for problem in problems.found), key=lambda item: item.about)
    return pack, tuple(findings)


def _parsed(source: Source, problems: Problems) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for file, text in source.texts.items():
        name = Path(file).stem
        if name not in FILES:
            problems.add("pack.unknown_file", (file,), found=file, near=near(name, FILES), allowed=", ".join(FILES))
            continue
        try:
            raw[name] = parse(text)
        except DuplicateKeyError as error:
            problems.add("pack.duplicate_key", (file, error.line), found=error.key)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            problems.add("pack.yaml", (file, line), found=str(error.problem or ""))
        except yaml.YAMLError as error:
            problems.add("pack.yaml", (file, 1), found=str(error)[:120])
    for name in _REQUIRED:
        if f"{name}.yaml" not in source.texts:
            problems.add("pack.missing_file", (name,), found=f"{name}.yaml", allowed=", ".join(_REQUIRED))
    if not problems.found:
        _keep(source, raw)
    return raw


def _finding(source: Source, problem: Problem) -> Finding:
    name = str(problem.path[0]) if problem.path else "pack.yaml"
    file = name if name in source.texts else f"{name}.yaml"
    file = file if file in source.texts or f"standard/{file}" not in source.texts else f"standard/{file}"
    if problem.code in ("pack.yaml", "pack.duplicate_key"):
        line = int(problem.path[1])
    else:
        line = line_of(source.texts.get(file, ""), problem.path[1:])
    params = {"near": "", "allowed": "", "found": "", **problem.params, "file": file, "line": line}
    return Finding(problem.code, _SEVERITY.get(problem.code, Severity.S1), f"{file}:{line:05d}", params=params)


_UNREADABLE = frozenset({"pack.yaml", "pack.duplicate_key", "pack.missing_file"})
_SEVERITY: Mapping[str, Severity] = {"pack.unknown_file": Severity.S3}


def _cache_file(source: Source) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "linghang" / "packs" / f"{_FORMAT}-{source.digest}.json"


def _compiled(source: Source) -> dict[str, Any] | None:
    """The plain values of these very bytes, if they were parsed here before: JSON loads far faster than YAML."""
    try:
        return json.loads(_cache_file(source).read_bytes())
    except (OSError, ValueError, RuntimeError):
        return None


def _keep(source: Source, raw: Mapping[str, Any]) -> None:
    try:
        file = _cache_file(source)
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        draft.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
        draft.replace(file)
    except (OSError, RuntimeError):
        # A home that cannot be written costs a little time, nothing else.
        return
