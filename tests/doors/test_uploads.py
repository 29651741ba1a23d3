"""Uploads over REST: plain names in one folder, by right, whole or not at all; every other way is refused and noted."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from test_entry import Home, client, home, last  # noqa: F401 - fixtures

from linghang.access import audit
from linghang.doors import rest, uploads

AS_ENGINEER = "engineer"


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "..%2Fapp.db",
        "%2Fetc%2Fpasswd",
        ".hidden",
        "a..b",
        "a%00b",
        "a%2F..%2Fb",
        "x" * 121,
        "..%5Cx",
        "a%0Ab",
        "con%3Astream",
    ],
)
def test_no_name_leads_out_of_the_folder(client: TestClient, home: Any, name: str) -> None:  # noqa: F811
    before = sorted(path.name for path in home.path.rglob("*"))
    answer = client.put(f"/api/v1/uploads/{name}", content=b"x", headers=home.token(AS_ENGINEER))
    assert answer.status_code in (404, 405, 422), answer.text
    after = sorted(path.name for path in home.path.rglob("*"))
    assert set(after) - set(before) <= {"uploads"}


def test_a_file_is_kept_and_named_by_a_skill_and_nothing_else_is(client: TestClient, home: Any) -> None:  # noqa: F811
    body = "# 通知\n\n三个工作日到账。".encode()
    answer = client.put("/api/v1/uploads/通知.md", content=body, headers=home.token(AS_ENGINEER))
    assert answer.json() == {"name": "通知.md", "bytes": len(body)}
    added = client.post("/api/v1/knowledge/add_file", json={"file": "通知.md"}, headers=home.token(AS_ENGINEER))
    assert added.json()["result"]["title"] == "通知"
    for way in ("../app.db", str(home.path / "app.db"), "/etc/passwd", "../keys/session_hmac.key"):
        refused = client.post("/api/v1/knowledge/add_file", json={"file": way}, headers=home.token(AS_ENGINEER))
        assert (refused.status_code, refused.json()["code"]) == (403, "files.outside_uploads")
        assert last(home) == ("engineer", "knowledge.add_file", "files.outside_uploads")


def test_who_may_not_import_brings_no_files(client: TestClient, home: Any) -> None:  # noqa: F811
    answer = client.put("/api/v1/uploads/x.csv", content=b"x", headers=home.token("approver"))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.no_right")
    assert last(home) == ("approver", "access.door", "access.no_right")
    assert client.put("/api/v1/uploads/x.csv", content=b"x").status_code == 401


def test_a_file_that_is_too_large_leaves_nothing(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(uploads, "MOST", 10)
    asking = TestClient(rest.create(home), base_url="http://127.0.0.1")
    answer = asking.put("/api/v1/uploads/x.csv", content=b"x" * 11, headers=home.token(AS_ENGINEER))
    assert (answer.status_code, answer.json()["code"]) == (409, "files.too_large")
    assert list(Path(home.path / "uploads").iterdir()) == []
    assert audit.listing(home.db, "demo")[0].outcome == "files.too_large"
