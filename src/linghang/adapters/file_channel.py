"""A channel that writes messages as JSON lines, one file a channel: the outbox of an institution's own sender.

A line has its key in clear and its message sealed; ``kept`` opens them for the sender. Idempotent: a key that a file
holds is never written again, also after a crash. A line that a dying process left half written is cut off before the
next one is appended; it had no receipt.
"""

import base64
import fcntl
import hashlib
import json
import os
import re
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, ClassVar

from linghang.base.errors import UnavailableError, UnknownItemError, UsageError
from linghang.ports.channel import Message, Receipt, Sealing

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass
class _Index:
    """The keys of a file up to ``offset`` bytes. Shared by all channels of this process that write the same file."""

    offset: int = 0
    inode: int = 0
    keys: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class FileChannel:
    """Writes messages into ``folder/<channel>.jsonl``."""

    idempotent = True
    _known: ClassVar[dict[Path, _Index]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, folder: Path, sealing: Sealing) -> None:
        self.folder = folder
        self.sealing = sealing

    def hand_over(self, messages: Sequence[Message]) -> Sequence[Receipt]:
        """Append the messages whose keys are new, and make them durable (fsync) before any receipt is given.

        Raises UnavailableError("channel.not_written") when none was taken, UsageError for a bad channel name.
        """
        receipts: dict[str, Receipt] = {}
        for channel in dict.fromkeys(message.channel for message in messages):
            own = [message for message in messages if message.channel == channel]
            try:
                self._append(self._path(channel), own)
                receipts.update({message.key: Receipt(message.key, "handed_over") for message in own})
            except OSError as error:
                if not receipts:
                    raise UnavailableError("channel.not_written", channel=channel, reason=str(error)) from error
                receipts.update({message.key: Receipt(message.key, "failed", "channel.not_written") for message in own})
        return [receipts[message.key] for message in messages]

    def seen(self, keys: Sequence[str]) -> frozenset[str] | None:
        """Which keys any of the files holds."""
        found: set[str] = set()
        wanted = set(keys)
        for path in sorted(self.folder.glob("*.jsonl")):
            index = self._index(path)
            with index.lock, path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                _refresh(index, file)
                found |= wanted & index.keys
        return frozenset(found)

    def forget(self, addresses: Collection[str]) -> int:
        """Blank addresses in every file, in place: a line keeps its key, its length and its words."""
        wanted = [
            (json.dumps(one, ensure_ascii=False), f'"address":{json.dumps(one, ensure_ascii=False)},')
            for one in addresses
            if one
        ]
        gone = 0
        for path in sorted(self.folder.glob("*.jsonl")):
            with self._index(path).lock, path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                place = 0
                while line := file.readline():
                    if line.endswith(b"\n"):
                        blank = self._blanked(line, wanted)
                        if blank is not None:
                            file.seek(place)
                            file.write(blank)
                            gone += 1
                    place += len(line)
                    file.seek(place)
                file.flush()
                os.fsync(file.fileno())
        return gone

    def _blanked(self, line: bytes, wanted: Sequence[tuple[str, str]]) -> bytes | None:
        """A line of the same length without its address, if that is one of the wanted."""
        text = self._opened(line)
        for one, told in wanted:
            if told in text:
                room = " " * (len(one.encode()) - 2)
                return self._sealed(json.loads(line)["key"], text.replace(told, f'"address":""{room},', 1))
        return None

    def kept(self, channel: str, after: str = "") -> Iterator[str]:
        """The messages of a channel as JSON, opened, in order; with ``after`` only those behind that key."""
        path = self._path(channel)
        if not path.exists():
            return
        waiting = bool(after)
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                if waiting:
                    waiting = json.loads(line)["key"] != after
                    continue
                yield self._opened(line)
        if waiting:
            raise UnknownItemError("channel.unknown_key", channel=channel, key=after)

    def seal_plain(self) -> int:
        """Seal the lines that were written before they were sealed; returns how many. Killed, a file is old or new."""
        done = 0
        for draft in self.folder.glob(".*.draft"):
            draft.unlink()
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not any(line.endswith(b"\n") and "sealed" not in json.loads(line) for line in file):
                    continue
                file.seek(0)
                draft = path.with_name(f".{path.name}.draft")
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "wb") as new:
                    for line in file:
                        if not line.endswith(b"\n"):
                            break
                        told = json.loads(line)
                        plain = "sealed" not in told
                        done += plain
                        new.write(self._sealed(told["key"], line.decode().rstrip("\n")) if plain else line)
                    new.flush()
                    os.fsync(new.fileno())
                draft.replace(path)
        return done

    def _sealed(self, key: str, text: str) -> bytes:
        sealed = base64.b64encode(self.sealing.seal(text.encode(), key.encode())).decode()
        return json.dumps({"key": key, "sealed": sealed}, separators=(",", ":")).encode() + b"\n"

    def _opened(self, line: bytes) -> str:
        told = json.loads(line)
        return self.sealing.open(base64.b64decode(told["sealed"]), told["key"].encode()).decode()

    def _path(self, channel: str) -> Path:
        if not _NAME.fullmatch(channel):
            raise UsageError("channel.bad_name", channel=channel)
        return self.folder / f"{channel}.jsonl"

    def _index(self, path: Path) -> _Index:
        with self._guard:
            return self._known.setdefault(path.resolve(), _Index())

    def _append(self, path: Path, messages: Sequence[Message]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        index = self._index(path)
        with index.lock, path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = _refresh(index, file)
            file.truncate(end)
            fresh = {message.key: message for message in messages if message.key not in index.keys}
            data = b"".join(self._sealed(message.key, _line(message)) for message in fresh.values())
            if not data:
                return
            try:
                file.seek(end)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                # What is not durable is not taken: the file goes back to where it was, so that no receipt is missing.
                os.truncate(path, end)
                raise
            index.keys.update(fresh)
            index.offset = end + len(data)


def _refresh(index: _Index, file: BinaryIO) -> int:
    """Read the lines that others wrote since; returns where the last whole line ends."""
    state = os.fstat(file.fileno())
    if state.st_ino != index.inode or state.st_size < index.offset:
        index.offset, index.inode = 0, state.st_ino
        index.keys.clear()
    file.seek(index.offset)
    for line in file:
        if not line.endswith(b"\n"):
            break
        index.keys.add(json.loads(line)["key"])
        index.offset += len(line)
    return index.offset


def _line(message: Message) -> str:
    told = {
        "key": message.key,
        "channel": message.channel,
        "address": message.address,
        "title": message.title,
        "body": message.body,
        "link": message.link,
    }
    if message.html:
        told["html"] = message.html
    attachments = [
        {"name": name, "mime": mime, "sha256": hashlib.sha256(data).hexdigest(), "base64": _text(data)}
        for name, mime, data in message.attachments
    ]
    shape = {**told, "attachments": attachments} if attachments else told
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
