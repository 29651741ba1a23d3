"""A small OpenAI-compatible endpoint over real HTTP that streams server-sent events, as slowly as it is told to."""

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WORDS = '{"answer": "QFII是合格境外机构投资者，指经批准可以投资境内证券市场的境外机构。"}'


@dataclass
class Endpoint:
    """Where it listens, how it writes (``pause`` seconds between pieces; ``stall``: after the first it falls silent),
    what it was asked, and how many left before it had ended."""

    url: str = ""
    pause: float = 0.3
    stall: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    left: int = 0


@contextmanager
def streaming() -> Iterator[Endpoint]:
    """The endpoint while it runs."""
    told = Endpoint()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            try:
                for start in range(0, len(WORDS), 4):
                    self._piece({"role": "assistant", "content": WORDS[start : start + 4]}, None)
                    time.sleep(60 if told.stall and start > 16 else told.pause)
                self._piece({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                told.left += 1

        def _piece(self, delta: dict[str, str], ended: str | None) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
                     "choices": [{"index": 0, "delta": delta, "finish_reason": ended}]}  # fmt: skip
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            return None

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield told
    finally:
        server.shutdown()
