"""The studio's own workings: messages in both languages, work that goes on, files that never lie."""

import re
import time
import tomllib
from importlib import resources
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from linghang.base.errors import RefusedError
from linghang.doors.studio import files
from linghang.doors.studio.session import Session
from linghang.doors.studio.work import Works

from . import document
from .fake import FakeHome

FOLDER = resources.files("linghang.doors.studio")


def _sentences(table: dict[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, value in table.items():
        if set(value) == {"zh", "en"} and all(isinstance(text, str) for text in value.values()):
            found[prefix + key] = value
        else:
            found.update(_sentences(value, f"{prefix}{key}."))
    return found


SENTENCES = _sentences(tomllib.loads(FOLDER.joinpath("messages.toml").read_text("utf-8")))


def test_english_sentences_have_no_chinese_and_chinese_ones_full_width_marks() -> None:
    for code, told in SENTENCES.items():
        if code.endswith("other_language"):
            continue
        assert not re.search("[\u4e00-\u9fff]", told["en"]), code
        assert not re.search("[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]", told["zh"]), code
        assert set(re.findall(r"\{(\w+)\}", told["zh"])) == set(re.findall(r"\{(\w+)\}", told["en"])), code


def test_every_sentence_that_the_code_names_exists() -> None:
    asked: set[str] = set()
    for path in _python(FOLDER):
        asked |= set(re.findall(r'\bt\(\s*"([a-z_0-9.]+)"', path)) | set(re.findall(r'\.t\(\s*"([a-z_0-9.]+)"', path))
    assert asked
    assert {code for code in asked if f"studio.{code}" not in SENTENCES} == set()


def _python(folder: Any) -> list[str]:
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".py")]
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith("_"):
            texts += _python(entry)
    return texts


def test_nothing_is_asked_from_elsewhere() -> None:
    for name in ("studio.js", "studio.css", "rooms.css", "document.css", "phone.css", "tokens.css"):
        text = FOLDER.joinpath("assets").joinpath(name).read_text("utf-8")
        assert not re.search(r"https?://|@import|url\((?!data:)", text), name


def _session(home: FakeHome) -> Session:
    return Session(home, "operator", "zh-CN", "light")


def _until_done(work: Any) -> None:
    deadline = time.monotonic() + 10
    while not work.done and time.monotonic() < deadline:
        time.sleep(0.01)
    assert work.done


def test_work_goes_on_without_a_page_and_knows_its_campaign() -> None:
    works = Works()
    work = works.start(_session(FakeHome(0.002)), "campaign.new", shown="一句话", text="一句话")
    _until_done(work)
    assert work.error is None
    assert work.about.startswith("cmp_")
    assert [line["step"] for line in work.lines if line["step"].startswith("section:")][-1] == "section:compliance"
    assert works.get(work.id) is work
    assert works.running() == []


def test_work_that_is_refused_keeps_the_refusal() -> None:
    work = Works().start(_session(FakeHome()), "campaign.new", text="明天天气怎么样")
    _until_done(work)
    assert isinstance(work.error, RefusedError)


def test_work_that_fails_unforeseen_says_so() -> None:
    work = Works().start(_session(FakeHome()), "campaign.new", nonsense=1)
    _until_done(work)
    assert work.error is not None
    assert work.error.code == "studio.failed"


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    files.serve(app, FakeHome())
    return TestClient(app)


def test_files_are_served_by_digest_for_ever_and_pages_without_the_studios_origin(client: TestClient) -> None:
    kinds = set()
    for digest in document.FILES:
        answer = client.get(f"/files/{digest}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-security-policy"] == "sandbox allow-scripts"
        kinds.add(answer.headers["content-type"])
    assert kinds == {"image/jpeg", "text/html; charset=utf-8"}


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2F..%2Fetc%2Fpasswd", "A" * 64])
def test_unknown_files_are_not_found(client: TestClient, name: str) -> None:
    assert client.get(f"/files/{name}").status_code == 404


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF0000WEBP", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"<!doctype html><p>", "text/html; charset=utf-8"),
        (b"<svg onload=x>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_media_types_come_from_the_bytes(data: bytes, kind: str) -> None:
    assert files.media_type(data) == kind
