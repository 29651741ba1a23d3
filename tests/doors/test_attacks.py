"""The attacks that the house must stand, over REST on a real home: each is refused, and each refusal is in the audit log."""

import datetime as dt
import io
import json
import os
import socket
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from doors.at_rest import PHONES, bring, in_clear, rest
from doors.inward import DESCRIPTION, INNER, sending_inside
from doors.rest_home import Door, opened
from fastapi.testclient import TestClient

from linghang.access.outside import note_addresses
from linghang.base.digest import digest
from linghang.customers.numbers import Numbers

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


def test_reminders_delegations_conditions_and_ends_by_the_clock_of_the_home(door: Door, campaign: str) -> None:
    """A small campaign's whole way to a launch that never comes, each step at its hour.

    Before the ledger is broken by SQL, for good, in the test below.
    """
    assert "result" in door.call("users.add", {"name": "chief", "roles": ["approver"]}, "admin")
    start = dt.datetime.now(dt.UTC)

    def at(hours: float, user: str, skill: str, **arguments: Any) -> str:
        """What became of a skill called at an hour: its code, or nothing where it was done."""
        now = (start + dt.timedelta(hours=hours)).isoformat()
        told = {"skill": skill, "arguments": arguments, "actor": user, "now": now}
        done = door.home.execute(told, lambda _line: None)
        return str(done["error"]["code"]) if "error" in done else ""

    made = door.call("campaign.new", {"text": TEXT.replace("下周一开始两周", "下下周一开始三周")}, "both")
    id = made["result"]["id"]
    assert at(0, "both", "campaign.submit", id=id) == ""
    assert [at(hours, "both", "campaign.remind", id=id) for hours in (0, 1, 3.9, 4.1)] == [
        "", "approvals.reminded_lately", "approvals.reminded_lately", "",
    ]  # fmt: skip
    # Whoever made it hands the own power to another: the other still cannot approve in the maker's place.
    until = (start + dt.timedelta(hours=48)).isoformat()
    assert at(5, "both", "approvals.delegate", taker="chief", until=until) == ""
    assert at(6, "chief", "campaign.approve", id=id, behalf="both") == "approvals.own_campaign"
    # And power that another handed to the maker is no way around either.
    assert at(6, "chief", "approvals.delegate", taker="both", until=until) == ""
    assert at(7, "both", "campaign.approve", id=id, behalf="chief") == "approvals.own_campaign"
    assert at(7, "compliance", "approvals.delegate", taker="approver", until=until) == ""
    assert at(49, "approver", "campaign.approve", id=id, behalf="compliance") == "approvals.not_delegated"
    end = (start + dt.timedelta(hours=100)).isoformat()
    told = {"conditions": ["库存加到5万"], "until": end}
    assert at(47, "approver", "campaign.approve", id=id, behalf="compliance", **told) == ""
    assert at(51, "both", "campaign.launch", id=id) == "approvals.condition_open"
    assert at(52, "both", "campaign.fulfil", id=id, condition="库存加到5万", comment="加了") == "approvals.own_campaign"
    assert at(53, "chief", "campaign.fulfil", id=id, condition="库存加到5万", comment="已核对") == ""
    assert at(101, "both", "campaign.launch", id=id) == "approvals.expired"
    assert not [row for row in door.call("delivery.list", {}, "both")["result"] if row["campaign_id"] == id]
    outcomes = [line["outcome"] for line in door.call("audit.list", {"limit": 40}, "engineer")["result"]]
    for code in ("reminded_lately", "own_campaign", "not_delegated", "condition_open", "expired"):
        assert f"approvals.{code}" in outcomes


def test_an_edit_after_approval_by_sql_and_a_replayed_signature_are_refused(
    door: Door, client: TestClient, campaign: str
) -> None:
    first, second = "compliance", "approver"
    for user in (first, second):
        door.call("campaign.approve", {"id": campaign}, user)
    path = door.home.path / "app.db"
    (entry, actor), *_ = _sql(
        path, "SELECT number, actor FROM approval_entry WHERE kind = 'approved' ORDER BY number DESC"
    )
    _loosen(path)
    # The signature of one person, as if another had made it too; then a row of the package.
    _sql(path, f"UPDATE approval_entry SET actor = 'admin' WHERE number = {entry}")
    assert attack(door, client, "both", "campaign.launch", id=campaign).startswith("approvals.")
    _sql(path, f"UPDATE approval_entry SET actor = '{actor}' WHERE number = {entry}")
    (hashed, content) = next(row for row in _sql(path, "SELECT hash, body FROM package") if campaign in row[1])
    told = json.loads(content)
    told["sections"]["goal"]["budget_fen"] = 90_000_000_00
    _sql(path, "UPDATE package SET body = ? WHERE hash = ?", json.dumps(told), hashed)
    assert attack(door, client, "both", "campaign.launch", id=campaign) in ("approvals.altered", "package.altered")
    _sql(path, "UPDATE package SET body = ? WHERE hash = ?", content, hashed)
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


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_asked_for(door: Door, client: TestClient, address: str) -> None:
    forbidden = "outside.forbidden_address"
    assert attack(door, client, "engineer", "skills.add", name="inner", address=address) == forbidden
    told = {"name": "inner", "openapi": json.dumps(DESCRIPTION)}
    assert attack(door, client, "engineer", "skills.add", **told, url=address) == forbidden
    servers = forbidden if address.startswith("http") else "foreign.command_not_allowed"
    assert attack(door, client, "engineer", "skills.add", name="inner", mcp=address) == servers


def test_a_database_inside_is_not_named_from_outside(door: Door, client: TestClient) -> None:
    for address in ("postgresql://u@10.0.0.8/core", "mysql://u@127.0.0.1/core", "sqlite:////etc/passwd"):
        assert attack(door, client, "engineer", "data.import", source=address) == "customers.address_from_afar"


def test_a_system_that_sends_us_inside_is_refused_each_time(
    door: Door, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = "outside.redirected"
    with sending_inside() as host:
        monkeypatch.setenv("LINGHANG_ALLOWED_HOSTS", host)
        assert attack(door, client, "engineer", "skills.add", name="away", address=f"http://{host}/api.json") == away
        told = {"name": "away", "openapi": json.dumps(DESCRIPTION), "url": f"http://{host}"}
        assert "result" in door.call("skills.add", told, "engineer")
        code = door.call("away.x", {}, "engineer")["error"]["code"]
        assert (last(door), code) == (("engineer", "away.x", away), away)
    door.call("skills.remove", {"name": "away"}, "engineer")


def test_a_name_that_moves_inside_after_it_was_added_is_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding over days: public when the system is added, this machine when it is asked."""
    where, real = ["8.8.8.8"], socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *told, **more: real(where[0] if host == "moves.example" else host, *told, **more),
    )
    told = {"name": "moves", "openapi": json.dumps(DESCRIPTION), "url": "http://moves.example/"}
    assert "result" in door.call("skills.add", told, "engineer")
    where[0] = "127.0.0.1"
    assert door.call("moves.x", {}, "engineer")["error"]["code"] == "outside.forbidden_address"
    assert last(door) == ("engineer", "moves.x", "outside.forbidden_address")
    door.call("skills.remove", {"name": "moves"}, "engineer")


def test_the_addresses_that_the_machine_names_are_in_the_log_without_their_keys(door: Door) -> None:
    home = door.home
    named = {"LINGHANG_IMAGES_URL": "http://user:geheim@gpu.bank:8188/v1", "LINGHANG_SMTP_HOST": "mail.bank"}
    now = home.context({"actor": "admin"}, lambda _line: None).now
    assert note_addresses(home.path, home.db, home.institution_id, named, now)
    assert not note_addresses(home.path, home.db, home.institution_id, named, now)
    line = door.call("audit.list", {"limit": 1}, "engineer")["result"][0]
    assert (line["skill"], line["about"]) == ("home.addresses", "IMAGES_URL=http://gpu.bank:8188 SMTP_HOST=mail.bank")
    assert note_addresses(home.path, home.db, home.institution_id, {}, now)


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


FORMULAS = ['=HYPERLINK("http://x","y")', "@SUM(A1)", "+cmd|' /C calc'!A0", "＝1+1"]


@pytest.mark.parametrize("text", [*FORMULAS, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"])
def test_a_write_that_brings_a_formula_or_a_script_is_in_the_log_once(
    door: Door, client: TestClient, text: str
) -> None:
    code = "text.script" if text.startswith("<") else "text.formula"
    sent = {"name": f"名单{digest(text)[:6]}", "ids": [text, text, "+86 1", "-20%", "3 < 5"], "note": text}
    client.post("/api/v1/audience/upload", json=sent, headers=door.headers("operator"))
    lines = door.call("audit.list", {"limit": 3}, "engineer")["result"]
    assert [line["outcome"] for line in lines].count(code) == 1
    assert lines[1]["skill"] == "audience.upload"


def test_numbers_with_a_sign_and_ordinary_words_are_no_formulas(door: Door, client: TestClient) -> None:
    headers = door.headers("operator")
    before = door.call("audit.list", {"limit": 1}, "engineer")["result"][0]["number"]
    sent = {"name": "普通名单", "ids": ["-1", "+86 13", "-3.5%", "@all"], "note": "利率 <3.5%，比 on=1 高；= 无"}
    client.post("/api/v1/audience/upload", json=sent, headers=headers)
    assert door.call("audit.list", {"limit": 1}, "engineer")["result"][0]["number"] == before + 1


def test_a_table_with_formulas_is_told_logged_once_and_leaves_as_text(door: Door, client: TestClient) -> None:
    headers = door.headers("operator")
    rows = ["customer_id,age", *(f'"{text.replace(chr(34), chr(34) * 2)}",30' for text in FORMULAS), "<script>,40"]
    client.put("/api/v1/uploads/formulas.csv", content="\n".join(rows).encode(), headers=headers)
    told = rest(client.post("/api/v1/data/import", json={"source": "formulas.csv", "mode": "append"}, headers=headers))
    found = {one["code"]: one["params"] for one in told["findings"]}
    assert found["customers.disarmed_cells"] == {"formulas": 4, "scripts": 1}
    lines = door.call("audit.list", {"limit": 2}, "engineer")["result"]
    assert [line["outcome"] for line in lines] == ["done", "text.formula"]
    assert lines[1]["about"].endswith("4 + 1")
    out = rest(client.post("/api/v1/audience/export", json={"form": "csv", "text": "全部客户"}, headers=headers))
    got = client.get(f"/api/v1/files/{out['file']}", headers=headers).text.splitlines()
    assert any("'=HYPERLINK" in one for one in got)
    assert not [one for one in got if one.lstrip('"').startswith(("=", "@", "+", "＝"))]


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


def test_no_file_of_a_home_holds_personal_data_in_clear(door: Door, client: TestClient) -> None:
    bring(door, client)
    found = in_clear(door.home.path)
    assert not found, "\n".join(found[:20])
    assert (door.home.path / "outbox" / "sms.jsonl").read_bytes().count(b"\n") == len(PHONES)


def test_the_outbox_is_for_the_institutions_sender_and_each_look_is_in_the_log(door: Door, client: TestClient) -> None:
    assert attack(door, client, "operator", "delivery.outbox", channel="sms") == "access.no_right"
    engineer = door.headers("engineer")
    told = rest(client.post("/api/v1/delivery/outbox", json={"channel": "sms", "after": "key5"}, headers=engineer))
    assert [one["address"] for one in told] == PHONES[6:]
    assert last(door) == ("engineer", "delivery.outbox", "done")
    assert attack(door, client, "engineer", "delivery.outbox", channel="sms", after="none") == "channel.unknown_key"
    assert attack(door, client, "engineer", "delivery.outbox", channel="../sms") == "channel.bad_name"


def test_erasing_reaches_what_is_sealed_and_the_key_may_have_changed(door: Door, client: TestClient) -> None:
    assert attack(door, client, "operator", "keys.rotate") == "access.no_right"
    done = client.post("/api/v1/keys/rotate", json={}, headers=door.headers("admin"))
    assert rest(done)["retired"] == 1, done.text
    numbers = Numbers(door.home.engine, door.home.institution_id)
    (customer,) = (str(one) for one in numbers.texts(np.array([5], dtype=np.uint32)).to_pylist())
    told = rest(client.post("/api/v1/customers/erase", json={"customer": customer}, headers=door.headers("admin")))
    assert told["erased"] | {"uploads": 3, "outbox": 1} == told["erased"]
    engineer = door.headers("engineer")
    left = rest(client.post("/api/v1/delivery/outbox", json={"channel": "sms"}, headers=engineer))
    assert [one["address"] for one in left] == ["", *PHONES[1:]]
