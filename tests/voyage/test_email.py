"""A real campaign sends real mail: sentence → approval → launch → durable queue → an SMTP server on loopback.

The server may kill the home at any message; the same command afterwards goes on, loses nothing and sends nothing twice.
"""

import email
import json
import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage as Mail
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from voyage.commands import Shell

pytestmark = pytest.mark.slow
SENTENCE = "给有理财持仓的客户做理财促活,预算2000,只用邮件,下周一开始三天,留10%对照"
DAYS = ("2026-11-30", "2026-12-01", "2026-12-02")
CUSTOMERS = 3000


@dataclass
class Post:
    """A mail server that keeps what it takes, and kills a process when it gets the messages of these numbers."""

    mails: list[Mail] = field(default_factory=list)
    deadly: dict[int, str] = field(default_factory=dict)
    home: Path = Path()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        place = len(self.mails)
        if self.deadly.get(place) == "before":
            # The home dies after it spoke and before anything was taken.
            del self.deadly[place]
            self.kill()
            return "451 not now"
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, Mail)
        self.mails.append(mail)
        if self.deadly.pop(place, "") == "after":
            # Taken, and the home dies before it hears so.
            self.kill()
        return "250 OK"

    def kill(self) -> None:
        """Kill the home that is sending."""
        os.kill(json.loads((self.home / "owner.json").read_text())["pid"], signal.SIGKILL)

    def keys(self) -> list[str]:
        """The idempotency keys of what was taken."""
        return [str(mail["Linghang-Key"]) for mail in self.mails]


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    server = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    told = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FROM": "news@bank.example.com",
        "SECURITY": "none",
        "TIMEOUT": "20",
    }
    os.environ |= {f"LINGHANG_SMTP_{key}": value for key, value in told.items()}
    yield server
    for key in told:
        del os.environ[f"LINGHANG_SMTP_{key}"]
    controller.stop()


@pytest.fixture(scope="module")
def shell(post: Post, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    shell = Shell(tmp_path_factory.mktemp("email"))
    shell("init", "--pack", "demo", "--customers", str(CUSTOMERS))
    post.home = shell.folder / ".linghang"
    rows = "".join(f"LH{n:08d},c{n}@example.com\n" for n in range(CUSTOMERS))
    (shell.folder / "addresses.csv").write_text("customer_id,address\n" + rows)
    told = shell("customers", "addresses", str(shell.folder / "addresses.csv"), "--channel", "email", actor="admin")
    assert (told["kept"], told["strangers"]) == (CUSTOMERS, 0)
    yield shell
    shell.run("home", "stop")


@pytest.fixture(scope="module")
def campaign(shell: Shell) -> dict[str, Any]:
    made = shell("campaign", "new", SENTENCE)
    assert made["sections"]["goal"]["value"]["channels"] == ["email"]
    shell("campaign", "submit", made["id"])
    shell("campaign", "approve", made["id"], actor="approver")
    launched = shell("campaign", "launch", made["id"])
    assert launched["shadow"] is False
    assert launched["planned"] > 20
    return {**made, "planned": launched["planned"]}


def counts(shell: Shell, campaign: dict[str, Any]) -> Counter[str]:
    rows = shell("skills", "call", "delivery.sends", "--arguments", json.dumps({"id": campaign["id"]}))["result"]
    found: Counter[str] = Counter()
    for row in rows:
        found[row["state"]] += row["sends"]
    return found


def test_kills_in_the_middle_lose_nothing_and_double_nothing(
    shell: Shell, post: Post, campaign: dict[str, Any]
) -> None:
    post.deadly = {3: "after", 9: "before", 15: "after"}
    killed = 0
    for day in DAYS:
        for _ in range(6):
            done = shell.run("campaign", "send", campaign["id"], "--now", f"{day}T10:30:00+08:00")
            if done.returncode == 0:
                break
            killed += 1
        assert done.returncode == 0, done.stdout + done.stderr
    assert post.deadly == {}
    assert killed >= 1
    keys = post.keys()
    assert len(keys) == len(set(keys)), "a message went out twice"
    found = counts(shell, campaign)
    taken = found["handed_over"] + found["delivered"]
    # What was in flight when the home died is unknown: a person decides, nobody sends it again.
    assert found["planned"] == 0
    assert taken <= len(keys) <= taken + found["unknown"]
    assert taken + found["unknown"] + found["withheld"] + found["failed"] == campaign["planned"]
    assert shell("skills", "call", "delivery.verify", "--arguments", json.dumps({"id": campaign["id"]}))["result"] == []


def test_each_mail_is_whole_and_its_own(shell: Shell, post: Post, campaign: dict[str, Any]) -> None:
    addresses = [str(mail["To"]) for mail in post.mails]
    assert len(set(addresses)) == len(addresses)
    subjects = {str(mail["Subject"]) for mail in post.mails}
    written = {
        text["text"]
        for text in campaign["sections"]["copy"]["value"]["texts"]
        if text["place"] == "email" and text["role"] in ("subject", "title")
    }
    assert subjects <= written
    for mail in post.mails[:5]:
        assert mail["Message-ID"] == f"<{mail['Linghang-Key']}@bank.example.com>"
        body = mail.get_body(("plain",))
        assert body is not None
        assert body.get_content().strip()


def test_the_same_command_again_sends_nothing(shell: Shell, post: Post, campaign: dict[str, Any]) -> None:
    before = len(post.mails)
    shell("campaign", "send", campaign["id"], "--now", f"{DAYS[-1]}T18:00:00+08:00")
    assert len(post.mails) == before
