"""What every channel promises, run on each adapter and on the fake; then what each of them is in particular."""

import email
import json
import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage as Mail
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from linghang.access.sealing import Sealer
from linghang.adapters.file_channel import FileChannel
from linghang.adapters.smtp_channel import SmtpChannel, SmtpSettings, smtp_from_environment
from linghang.base.errors import UnavailableError, UsageError
from linghang.ports.channel import Channel, Message
from linghang.testing.channel import FakeChannel

PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"picture"


def message(n: int, **changed: Any) -> Message:
    values: dict[str, Any] = {
        "key": f"{n:064x}", "channel": "email", "address": f"c{n}@example.com", "title": f"首投有礼 {n}",
        "body": "您好,20元红包待领取。", "link": "https://bank.example.com/p?a=1&b=2",
        "html": '<p>您好</p><img src="cid:picture">', "attachments": (("picture", "image/png", PICTURE),),
    }  # fmt: skip
    return Message(**{**values, **changed})


@dataclass
class Server:
    """A mail server on loopback that keeps what it takes and misbehaves where told to."""

    mails: list[Mail] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refuse: Callable[[str], str | None] = lambda _address: None
    hang_up_after_data: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: object
    ) -> str:
        if (said := self.refuse(address)) is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        mail = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, Mail)
        self.mails.append(mail)
        if self.hang_up_after_data:
            server.transport.abort()  # type: ignore[union-attr]
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Server, SmtpChannel]]:
    server = Server()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings = SmtpSettings("127.0.0.1", port, "noreply@bank.example.com", security="none", timeout=5, name="领航银行")
    channel = SmtpChannel(settings)
    yield server, channel
    channel.close()
    controller.stop()


@pytest.fixture(params=["file", "smtp", "fake", "fake-forgetful"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Channel, Callable[[], list[str]]]:
    """A channel and a way to see which keys it holds, in order."""
    if request.param == "file":
        path = tmp_path / "email.jsonl"
        return FileChannel(tmp_path, Sealer(tmp_path, "outbox")), lambda: [
            json.loads(line)["key"] for line in path.read_text().splitlines()
        ]
    if request.param == "smtp":
        server, channel = request.getfixturevalue("mail")
        return channel, lambda: [str(item["Linghang-Key"]) for item in server.mails]
    fake = FakeChannel(idempotent=request.param == "fake", remembers=request.param == "fake")
    return fake, lambda: [item.key for item in fake.taken]


Subject = tuple[Channel, Callable[[], list[str]]]


def test_one_receipt_each_in_order_and_everything_is_taken(subject: Subject) -> None:
    channel, held = subject
    messages = [message(n) for n in range(5)]
    receipts = channel.hand_over(messages)
    assert [receipt.key for receipt in receipts] == [item.key for item in messages] == held()
    assert {receipt.state for receipt in receipts} <= {"handed_over", "delivered"}


def test_no_message_is_no_work(subject: Subject) -> None:
    assert list(subject[0].hand_over([])) == []


def test_asked_twice_an_idempotent_channel_drops_the_second(subject: Subject) -> None:
    channel, held = subject
    channel.hand_over([message(1)])
    again = channel.hand_over([message(1), message(2)])
    assert [receipt.state for receipt in again] == ["handed_over"] * 2
    assert held().count(message(1).key) == (1 if channel.idempotent else 2)


def test_it_tells_what_it_saw_or_that_it_cannot_tell(subject: Subject) -> None:
    channel, _ = subject
    channel.hand_over([message(1)])
    seen = channel.seen([message(1).key, message(2).key])
    assert seen is None or seen == {message(1).key}
    if not channel.idempotent:
        assert seen is None


def test_hard_texts_arrive_as_they_are(tmp_path: Path, mail: tuple[Server, SmtpChannel]) -> None:
    hard = message(7, title="首投\r\nBcc: evil@example.com", body='引号"与\\和\n换行🙂 \u2028', html="<p>&amp;</p>")
    FileChannel(tmp_path, Sealer(tmp_path, "outbox")).hand_over([hard])
    lines = (tmp_path / "email.jsonl").read_text("utf-8").split("\n")
    assert len(lines) == 2
    held = FileChannel(tmp_path, Sealer(tmp_path, "outbox")).kept("email")
    assert json.loads(next(held))["body"] == hard.body
    server, channel = mail
    channel.hand_over([hard])
    assert server.mails[0]["Bcc"] is None
    assert "首投" in str(server.mails[0]["Subject"])


# --- the file -----------------------------------------------------------------


def test_a_line_torn_by_a_dying_process_is_cut_off_and_written_again(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path, Sealer(tmp_path, "outbox"))
    channel.hand_over([message(1), message(2)])
    path = tmp_path / "email.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    other = FileChannel(tmp_path, Sealer(tmp_path, "outbox"))
    assert other.seen([message(1).key, message(2).key]) == {message(1).key}
    other.hand_over([message(2), message(3)])
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == [message(n).key for n in (1, 2, 3)]


def test_a_full_disk_takes_nothing_and_leaves_the_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FileChannel(tmp_path, Sealer(tmp_path, "outbox"))
    channel.hand_over([message(1)])
    before = (tmp_path / "email.jsonl").read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(UnavailableError, match=r"not_written"):
            channel.hand_over([message(2)])
    assert (tmp_path / "email.jsonl").read_bytes() == before
    assert channel.hand_over([message(2)])[0].state == "handed_over"


@pytest.mark.parametrize("name", ["../evil", "", "a/b", "A", "x" * 50])
def test_a_channel_name_that_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"bad_name"):
        FileChannel(tmp_path, Sealer(tmp_path, "outbox")).hand_over([message(1, channel=name)])


def test_an_outbox_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    with pytest.raises(UnavailableError):
        FileChannel(tmp_path / "outbox", Sealer(tmp_path, "outbox")).hand_over([message(1)])


def _write(folder: str, first: int) -> None:
    FileChannel(Path(folder), Sealer(Path(folder), "outbox")).hand_over([message(n) for n in range(first, first + 30)])


def test_processes_and_threads_that_write_the_same_keys_write_each_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    work = [spawn.Process(target=_write, args=(str(tmp_path), first)) for first in (0, 10, 20)]
    threads = [threading.Thread(target=_write, args=(str(tmp_path), first)) for first in (0, 15)]
    for item in (*work, *threads):
        item.start()
    for item in (*work, *threads):
        item.join(60)
    keys = [json.loads(line)["key"] for line in (tmp_path / "email.jsonl").read_text().splitlines()]
    assert sorted(keys) == [message(n).key for n in range(50)]


# --- the mail server ------------------------------------------------------------


def test_a_mail_has_text_html_and_its_picture_inside(mail: tuple[Server, SmtpChannel]) -> None:
    server, channel = mail
    channel.hand_over([message(1)])
    got = server.mails[0]
    assert str(got["Subject"]) == "首投有礼 1"
    assert str(got["To"]) == "c1@example.com"
    assert "领航银行" in str(got["From"])
    assert got["Message-ID"] == f"<{message(1).key}@bank.example.com>"
    parts = {part.get_content_type(): part for part in got.walk() if isinstance(part, Mail)}
    assert "20元红包" in parts["text/plain"].get_content()
    assert message(1).link in parts["text/plain"].get_content()
    assert 'src="cid:picture"' in parts["text/html"].get_content()
    assert parts["image/png"]["Content-ID"] == "<picture>"
    assert parts["image/png"].get_content() == PICTURE
    assert all(len(line) <= 998 for line in server.raw[0].split(b"\r\n"))


def test_who_is_refused_fails_and_the_others_go_out(mail: tuple[Server, SmtpChannel]) -> None:
    server, channel = mail
    server.refuse = {"c2@example.com": "550 no such user", "c3@example.com": "450 later"}.get
    receipts = channel.hand_over([message(n) for n in range(1, 5)])
    assert [(receipt.state, receipt.reason) for receipt in receipts] == [
        ("handed_over", ""), ("failed", "channel.smtp_550"), ("failed", "channel.smtp_450"), ("handed_over", ""),
    ]  # fmt: skip
    assert len(server.mails) == 2


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nRCPT TO:<x@y>", "a b@c.d", "<x@y.z>", "a@b, c@d"])
def test_a_bad_address_fails_before_it_reaches_the_server(mail: tuple[Server, SmtpChannel], address: str) -> None:
    server, channel = mail
    assert channel.hand_over([message(1, address=address)])[0].reason == "channel.bad_address"
    assert server.mails == []


def test_a_last_word_that_is_not_heard_is_unknown(mail: tuple[Server, SmtpChannel]) -> None:
    server, channel = mail
    server.hang_up_after_data = True
    receipt = channel.hand_over([message(1)])[0]
    assert (receipt.state, receipt.reason) == ("unknown", "channel.smtp_no_last_word")
    assert len(server.mails) == 1
    server.hang_up_after_data = False
    assert channel.hand_over([message(2)])[0].state == "handed_over"


def test_a_connection_that_died_while_idle_is_renewed(mail: tuple[Server, SmtpChannel]) -> None:
    server, channel = mail
    channel.hand_over([message(1)])
    assert channel._server is not None
    assert channel._server.sock is not None
    channel._server.sock.shutdown(socket.SHUT_RDWR)
    assert channel.hand_over([message(2)])[0].state == "handed_over"
    assert len(server.mails) == 2


def test_no_server_is_unavailable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    channel = SmtpChannel(SmtpSettings("127.0.0.1", port, "a@b.example", security="none", timeout=2))
    with pytest.raises(UnavailableError, match=r"smtp_unavailable"):
        channel.hand_over([message(1)])


def test_a_server_without_tls_is_not_used_where_tls_is_wanted(mail: tuple[Server, SmtpChannel]) -> None:
    server, plain = mail
    strict = SmtpChannel(SmtpSettings("127.0.0.1", plain.settings.port, "a@b.example", timeout=2))
    with pytest.raises(UnavailableError):
        strict.hand_over([message(1)])
    assert server.mails == []


def test_settings_come_from_the_environment() -> None:
    assert smtp_from_environment({}) is None
    made = smtp_from_environment({"LINGHANG_SMTP_HOST": "mail", "LINGHANG_SMTP_FROM": "a@b.example"})
    assert made is not None
    assert (made.settings.port, made.settings.security) == (587, "starttls")
    for bad in ({"PORT": "x"}, {"FROM": "nobody"}, {"SECURITY": "maybe"}):
        told = {"HOST": "mail", "FROM": "a@b.example", **bad}
        with pytest.raises(UsageError, match=r"smtp_settings"):
            smtp_from_environment({f"LINGHANG_SMTP_{key}": value for key, value in told.items()})


def test_the_outbox_forgets_an_address_and_never_sends_its_message_again(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path / "outbox", Sealer(tmp_path, "outbox"))
    channel.hand_over([message(n) for n in range(3)])
    size = (tmp_path / "outbox" / "email.jsonl").stat().st_size
    assert channel.forget({"c1@example.com", "nobody@example.com", ""}) == 1
    lines = [json.loads(line) for line in channel.kept("email")]
    assert [line["address"] for line in lines] == ["c0@example.com", "", "c2@example.com"]
    assert [line["body"] for line in lines] == [message(0).body] * 3
    assert (tmp_path / "outbox" / "email.jsonl").stat().st_size == size
    channel.hand_over([message(1), message(4)])
    keys = [json.loads(line)["key"] for line in (tmp_path / "outbox" / "email.jsonl").read_text("utf-8").splitlines()]
    assert keys == [message(n).key for n in (0, 1, 2, 4)]
    assert channel.forget({"c1@example.com"}) == 0


def test_an_outbox_of_before_is_sealed_once_and_sends_nothing_again(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir()
    old = [{"key": message(n).key, "channel": "email", "address": f"c{n}@example.com", "body": "旧"} for n in range(3)]
    lines = "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in old)
    (folder / "email.jsonl").write_text(lines + '{"key":"torn', "utf-8")
    (folder / ".email.jsonl.draft").write_text("what a killed sealing left")
    channel = FileChannel(folder, Sealer(tmp_path, "outbox"))
    assert channel.seal_plain() == 3
    assert [json.loads(one) for one in channel.kept("email")] == old
    held = (folder / "email.jsonl").read_bytes()
    assert b"example.com" not in held
    assert channel.seal_plain() == 0
    assert (folder / "email.jsonl").read_bytes() == held
    assert [path.name for path in folder.iterdir()] == ["email.jsonl"]
    channel.hand_over([message(1), message(7)])
    assert [json.loads(one)["key"] for one in channel.kept("email", message(2).key)] == [message(7).key]
    assert channel.forget({"c0@example.com"}) == 1
