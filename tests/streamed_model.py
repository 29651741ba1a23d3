"""A small OpenAI-compatible endpoint over real HTTP that streams server-sent events, in whatever way it is told to."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Write = Callable[[str], None]


def piece(text: str = "", ended: str | None = None) -> str:
    """One event of the answer; ``ended`` tells why it is the last."""
    delta = {} if ended else {"role": "assistant", "content": text}
    told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": delta, "finish_reason": ended}]}  # fmt: skip
    return f"data: {json.dumps(told)}\n\n"


END = piece(ended="stop") + "data: [DONE]\n\n"


@dataclass
class Endpoint:
    """Where it listens, how it writes an answer, what it was asked, and how many left before it had ended."""

    way: Callable[[Write], None]
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0


@contextmanager
def listening(told: Endpoint) -> Iterator[None]:
    """The endpoint while it runs, at ``told.url``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            try:
                told.way(self._write)
            except (BrokenPipeError, ConnectionResetError):
                told.left += 1

        def _write(self, text: str) -> None:
            self.wfile.write(text.encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            return None

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield
    finally:
        server.shutdown()
