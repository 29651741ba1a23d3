"""Ways into the own network, for tests of what may not be asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

INNER = [
    "http://127.0.0.1:1/", "http://169.254.169.254/latest", "http://10.0.0.8/api", "http://[::1]/", "file:///etc/passwd",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.8]/", "http://[64:ff9b::7f00:1]/", "http://2130706433/",
    "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://localhost/", "http://0.0.0.0/",
    "http://user@127.0.0.1/", "gopher://127.0.0.1/",
]  # fmt: skip
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/x": {"get": {"operationId": "x", "responses": {"200": {"description": "ok"}}}}},
}


class _Away(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("location", "http://169.254.169.254/latest/meta-data")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        return None


@contextmanager
def sending_inside() -> Iterator[str]:
    """A system whose every answer leads inside; its host and port."""
    server = HTTPServer(("127.0.0.1", 0), _Away)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
