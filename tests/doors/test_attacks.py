"""The attacks that the house must stand, over REST on a real home: each is refused, and each refusal is in the audit log."""

import base64
import io
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from doors.rest_home import Door, opened
from fastapi.testclient import TestClient

from linghang.customers.numbers import Numbers
from linghang.ports.channel import Message

pytestmark = pytest.mark.slow
TEXT = "给近60天没登录的客户发20元红包推稳健理财，预算1万，push，下周一开始两周，留10%对照"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with pytest.MonkeyPatch.context() as patch, opened(tmp_path_factory.mktemp("attacks"), customers=1500) as made:
        patch.setenv("LINGHANG_CALLS_PER_MINUTE", "100000")
        yield made


@pytest.fixture(scope="module")
def client(door: Door) -> TestClient:
    return TestClient(door.app)


@pytest.fixture(scope="module")
def campaign(door: Door) -> str:
    """A campaign that waits for review; the user ``both`` may make and approve."""
    assert "result" in door.call("users.add", {"name": "both", "roles": ["operator", "approver"]}, "admin")
    made = door.call("campaign.new", {"text": TEXT}, "both")["result"]
    submitted = door.call("campaign.submit", {"id": made["id"]}, "both")
    assert "result" in submitted, submitted
    return str(made["id"])


def last(door: Door) -> tuple[str, str, str]:
    """The newest line of the audit log: by whom, what, with what outcome. The log is whole."""
    found = door.call("audit.verify", {}, "engineer")["result"]
    assert found["intact"]
    line = door.call("audit.list", {"limit": 1}, "engineer")["result"][0]
    return line["actor"], line["skill"], line["outcome"]


def attack(door: Door, client: TestClient, user: str, skill: str, **arguments: Any) -> str:
    """The code of the refusal, which is what the log says too."""
    headers = door.headers(user)
    answer = client.post(f"/api/v1/{skill.replace('.', '/')}", json=arguments, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    code = str(answer.json()["code"])
    assert last(door) == (user, skill, code)
    return code


def test_ones_own_campaign_is_not_approved(door: Door, client: TestClient, campaign: str) -> None:
    assert attack(door, client, "both", "campaign.approve", id=campaign) == "approvals.own_campaign"
    assert attack(door, client, "operator", "campaign.approve", id=campaign) == "access.no_right"
    behalf = attack(door, client, "approver", "campaign.approve", id=campaign, behalf="both")
    assert behalf == "approvals.not_delegated"


def test_a_package_that_was_not_looked_at_is_not_signed(door: Door, client: TestClient, campaign: str) -> None:
    seen = attack(door, client, "approver", "campaign.approve", id=campaign, package="0" * 64)
    assert seen == "approvals.changed_meanwhile"


def test_an_edit_after_approval_by_sql_and_a_replayed_signature_are_refused(
    door: Door, client: TestClient, campaign: str
) -> None:
    first, second = "compliance", "approver"
    for user in (first, second):
        door.call("campaign.approve", {"id": campaign}, user)
    path = door.home.path / "app.db"
    (entry, actor), *_ = _sql(path, "SELECT number, actor FROM approval_entry WHERE kind = 'approved' ORDER BY number")
    _loosen(path)
    # The signature of one person, as if another had made it too; then a row of the package.
    _sql(path, f"UPDATE approval_entry SET actor = 'admin' WHERE number = {entry}")
    assert attack(door, client, "both", "campaign.launch", id=campaign).startswith("approvals.")
    _sql(path, f"UPDATE approval_entry SET actor = '{actor}' WHERE number = {entry}")
    (content,) = _sql(path, "SELECT body FROM package")[0]
    told = json.loads(content)
    told["sections"]["goal"]["budget_fen"] = 90_000_000_00
    _sql(path, "UPDATE package SET body = ?", json.dumps(told))
    assert attack(door, client, "both", "campaign.launch", id=campaign) in ("approvals.altered", "package.altered")
    _sql(path, "UPDATE package SET body = ?", content)
    rows = _sql(path, "SELECT COUNT(*) FROM launch")
    assert rows == [(0,)]
    # A rejection taken out of the ledger's end does not bring the approval back.
    assert "result" in door.call("campaign.reject", {"id": campaign, "comment": "不行"}, "approver")
    _sql(path, "DELETE FROM approval_entry WHERE kind = 'rejected'")
    assert attack(door, client, "both", "campaign.launch", id=campaign) == "delivery.ledger_broken"


def _sql(path: Path, statement: str, *values: str) -> list[Any]:
    with sqlite3.connect(path, timeout=30) as connection:
        return connection.execute(statement, values).fetchall()


def _loosen(path: Path) -> None:
    """Whoever can write the file can drop its triggers."""
    for (name,) in _sql(path, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        _sql(path, f"DROP TRIGGER {name}")


@pytest.mark.parametrize("secret", ["lh_forged", "", "x" * 5000, "lh_' OR 1=1 --"])
def test_a_forged_token_is_nobodys(door: Door, client: TestClient, secret: str) -> None:
    answer = client.post("/api/v1/campaign/list", json={}, headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
    assert last(door)[1:] == ("access.door", "access.bad_token")


def test_an_expired_and_a_revoked_token_are_nobodys(door: Door, client: TestClient) -> None:
    made = [door.call("users.token", {"days": 1}, "analyst")["result"] for _ in range(2)]
    _sql(
        door.home.path / "app.db",
        "UPDATE api_token SET expires = '2020-01-01T00:00:00.000000Z' WHERE id = ?",
        made[0]["id"],
    )
    door.call("users.revoke", {"token": made[1]["id"]}, "analyst")
    for one in made:
        answer = client.post("/api/v1/campaign/list", json={}, headers={"authorization": f"Bearer {one['secret']}"})
        assert answer.status_code == 401
        assert last(door)[1:] == ("access.door", "access.bad_token")


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fapp.db", "%2Fetc%2Fpasswd", "a%2F..%2F..%2Fkeys%2Fx", "..%5Cx", ".hidden", "a%00b"]
)
def test_no_upload_leaves_its_folder(door: Door, client: TestClient, name: str) -> None:
    answer = client.put(f"/api/v1/uploads/{name}", content=b"x", headers=door.headers("engineer"))
    assert answer.json()["code"] == "files.bad_name"
    assert last(door) == ("engineer", "access.door", "files.bad_name")
    assert not [path for path in (door.home.path / "uploads").rglob("*") if path.is_file()]


def test_a_file_of_the_server_is_not_named_from_outside(door: Door, client: TestClient) -> None:
    for way in ("/etc/passwd", "../app.db", "../keys/vault_aes256.key"):
        assert attack(door, client, "engineer", "knowledge.add_file", file=way) == "files.outside_uploads"
        assert (
            attack(door, client, "engineer", "customers.addresses", table=way, channel="email")
            == "files.outside_uploads"
        )


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest",
        "http://10.0.0.8/api",
        "http://[::1]/",
        "file:///etc/passwd",
    ],
)
def test_inner_addresses_are_not_asked_for(door: Door, client: TestClient, address: str) -> None:
    forbidden = "outside.forbidden_address"
    assert attack(door, client, "engineer", "skills.add", name="inner", address=address) == forbidden
    description = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": {"description": "ok"}}}}},
    }
    told = {"name": "inner", "openapi": json.dumps(description)}
    assert attack(door, client, "engineer", "skills.add", **told, url=address) == forbidden


def bomb() -> bytes:
    """A hundred thousand to one: a small document that unfolds to 400 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"0" * 1_000_000)
    return out.getvalue()


def test_a_zip_bomb_among_the_documents_is_refused(door: Door, client: TestClient) -> None:
    data = bomb()
    assert len(data) < 2_000_000
    for name in ("bomb.docx", "bomb.xlsx"):
        assert client.put(f"/api/v1/uploads/{name}", content=data, headers=door.headers("engineer")).status_code == 200
        assert attack(door, client, "engineer", "knowledge.add_file", file=name).startswith("knowledge.")
        os.unlink(door.home.path / "uploads" / name)


def test_a_formula_in_a_customers_id_is_told_as_text(door: Door, client: TestClient) -> None:
    """It is no refusal: what goes into a file is disarmed, whoever brought it."""
    ids = "customer_id\n" + "\n".join(['=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2"])
    client.put("/api/v1/uploads/ids.csv", content=ids.encode(), headers=door.headers("operator"))
    told = client.post(
        "/api/v1/audience/upload", json={"name": "公式", "file": "ids.csv"}, headers=door.headers("operator")
    )
    assert told.status_code in (200, 409, 422)
    for one in json.dumps(told.json(), ensure_ascii=False).split('"'):
        assert not one.startswith(("=HYPERLINK", "@SUM", "+1+1"))


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_script_in_the_words_of_a_campaign_is_words_everywhere(door: Door, client: TestClient) -> None:
    made = door.call(
        "campaign.new", {"text": f"给全部客户推稳健理财，预算1万，push，下周一开始两周，活动叫{SCRIPT}"}, "operator"
    )
    page = made.get("result", {}).get("sections", {})
    pages = [path.read_bytes() for path in (door.home.path / "files").rglob("*") if path.is_file()]
    assert not [
        one for one in pages if one[:15].lower().startswith(b"<!doctype html") and b"<script>alert(1)" in one
    ], page


def test_a_homes_files_are_its_owners_alone(door: Door) -> None:
    assert door.home.path.stat().st_mode & 0o077 == 0


# --- what lies at rest -------------------------------------------------------------

PHONES = [f"1390017{n:04d}" for n in range(5000, 5008)]
PEOPLE = ["欧阳雪琴", "慕容建国", "司马相宜"]
HOUSES = ["青岛市崂山区松岭路238号", "昆明市盘龙区北京路155号", "兰州市城关区天水路9号"]


def _told(answer: Any) -> Any:
    """The result of a skill over REST."""
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def _brought(door: Door, client: TestClient) -> None:
    """Customers' names, phones and addresses on every way by which they come in and go out."""
    operator = door.headers("operator")
    numbers = Numbers(door.home.engine, door.home.institution_id)
    ids = [str(one) for one in numbers.texts(np.arange(5, 13, dtype=np.uint32)).to_pylist()]
    rows = ["customer_id,name,phone,home,age"]
    rows += [f"{id},{PEOPLE[n % 3]},{PHONES[n]},{HOUSES[n % 3]},{30 + n}" for n, id in enumerate(ids[:4])]
    rows += [f"{PHONES[4]},{PEOPLE[0]},{PHONES[4]},{HOUSES[0]},{PEOPLE[0]}", f"{ids[5]},{PEOPLE[1]},{PHONES[5]}"]
    table = "\n".join(rows).encode()
    for name, data in (("people.csv", table), ("people_gb.csv", "\n".join(rows).encode("gb18030"))):
        assert client.put(f"/api/v1/uploads/{name}", content=data, headers=operator).json()["bytes"] == len(data)
    mapping = door.call("data.propose", {"source": str(door.home.path / "uploads" / "people.csv")})["result"]["mapping"]
    checked = client.post("/api/v1/data/check", json={"source": "people.csv", "mapping": mapping}, headers=operator)
    assert checked.status_code == 200, checked.text
    more = {"source": "people.csv", "mapping": mapping, "mode": "upsert"}
    done = _told(client.post("/api/v1/data/import", json=more, headers=operator))
    assert done.get("rejected") == 2, done
    mine = _told(client.post("/api/v1/data/rejected", json={"id": done["id"]}, headers=operator))
    assert PHONES[5] in json.dumps(mine["rows"])
    engineer = door.headers("engineer")
    others = _told(client.post("/api/v1/data/rejected", json={"id": done["id"]}, headers=engineer))
    assert others["masked"]
    assert len(others["rows"]) == 2
    assert not any(one in json.dumps(others, ensure_ascii=False) for one in (*PHONES, *PEOPLE, *HOUSES))
    addresses = "customer_id,address\n" + "\n".join(f"{id},{phone}" for id, phone in zip(ids, PHONES, strict=True))
    client.put("/api/v1/uploads/addresses.csv", content=addresses.encode(), headers=operator)
    told = {"table": "addresses.csv", "channel": "sms"}
    assert _told(client.post("/api/v1/customers/addresses", json=told, headers=operator))["kept"] == 8
    said = {"customer": ids[0], "word": "complaint", "source": "phone", "evidence": f"{PEOPLE[0]} {PHONES[0]}"}
    assert client.post("/api/v1/customers/note", json=said, headers=operator).status_code == 200
    listed = {"name": "名单", "ids": [*ids[:3], PHONES[6]]}
    made = client.post("/api/v1/audience/upload", json=listed, headers=operator)
    assert _told(made)["made"]["examples"] == [PHONES[6]]
    out = _told(client.post("/api/v1/audience/export", json={"form": "csv", "audience": "名单"}, headers=operator))
    got = client.get(f"/api/v1/files/{out['file']}", headers=operator)
    assert got.text.splitlines() == ["customer_id", *sorted(ids[:3], key=ids.index)]
    words = f"{PHONES[7]} 这位客户在投诉，请不要再发"
    client.post("/api/v1/agents/say", json={"text": words}, headers=operator)
    new = _told(client.post("/api/v1/campaign/new", json={"text": f"{TEXT}，联系人{PHONES[7]}"}, headers=operator))
    note = {"id": new["id"], "section": "copy", "text": words}
    commented = _told(client.post("/api/v1/approvals/comment", json=note, headers=operator))
    assert commented["text"].startswith("139****")
    outbox = door.home.context({"actor": "operator"}, lambda _line: None).channels["file"]
    outbox.hand_over([Message(f"key{n}", "sms", phone, "", f"{PEOPLE[0]}您好") for n, phone in enumerate(PHONES)])


def test_no_file_of_a_home_holds_personal_data_in_clear(door: Door, client: TestClient) -> None:
    _brought(door, client)
    hidden = {
        f"{text}".encode(code) for text in (*PHONES, *PEOPLE, *HOUSES) for code in ("utf-8", "gb18030", "utf-16-le")
    }
    hidden |= {json.dumps(text)[1:-1].encode() for text in (*PEOPLE, *HOUSES)}
    hidden |= {part for text in (*PHONES, *PEOPLE, *HOUSES) for part in _in_base64(text.encode())}
    found: list[str] = []
    for path in sorted(door.home.path.rglob("*")):
        # The analytics store, and the index over it, is where customers are; it is the one exception.
        if path.is_file() and path.relative_to(door.home.path).parts[0] not in ("analytics", "index"):
            data = path.read_bytes()
            found += [f"{path.relative_to(door.home.path)}: {one!r}" for one in hidden if one in data]
    assert not found, "\n".join(found[:20])
    assert (door.home.path / "outbox" / "sms.jsonl").read_bytes().count(b"\n") == len(PHONES)


def _in_base64(data: bytes) -> set[bytes]:
    """How bytes look inside of base64, wherever they begin in it."""
    return {base64.b64encode(b"\0" * lead + data)[4 if lead else 0 : -4] for lead in range(3)}


def test_the_outbox_is_for_the_institutions_sender_and_each_look_is_in_the_log(door: Door, client: TestClient) -> None:
    assert attack(door, client, "operator", "delivery.outbox", channel="sms") == "access.no_right"
    engineer = door.headers("engineer")
    told = _told(client.post("/api/v1/delivery/outbox", json={"channel": "sms", "after": "key5"}, headers=engineer))
    assert [one["address"] for one in told] == PHONES[6:]
    assert last(door) == ("engineer", "delivery.outbox", "done")
    assert attack(door, client, "engineer", "delivery.outbox", channel="sms", after="none") == "channel.unknown_key"
    assert attack(door, client, "engineer", "delivery.outbox", channel="../sms") == "channel.bad_name"


def test_erasing_reaches_what_is_sealed_and_the_key_may_have_changed(door: Door, client: TestClient) -> None:
    assert attack(door, client, "operator", "keys.rotate") == "access.no_right"
    done = client.post("/api/v1/keys/rotate", json={}, headers=door.headers("admin"))
    assert _told(done)["retired"] == 1, done.text
    numbers = Numbers(door.home.engine, door.home.institution_id)
    (customer,) = (str(one) for one in numbers.texts(np.array([5], dtype=np.uint32)).to_pylist())
    told = _told(client.post("/api/v1/customers/erase", json={"customer": customer}, headers=door.headers("admin")))
    assert told["erased"] | {"uploads": 3, "outbox": 1} == told["erased"]
    engineer = door.headers("engineer")
    left = _told(client.post("/api/v1/delivery/outbox", json={"channel": "sms"}, headers=engineer))
    assert [one["address"] for one in left] == ["", *PHONES[1:]]
