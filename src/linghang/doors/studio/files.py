"""Pictures and pages of the home, by content digest: cached for ever, since a digest never shows anything else."""

import re
from functools import lru_cache

from fastapi import FastAPI, Response

from linghang.base.errors import LinghangError, UnknownItemError
from linghang.doors.studio.session import Client

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FOREVER = "public, max-age=31536000, immutable"


def media_type(data: bytes) -> str:
    """What the bytes are, by their beginning: a picture, an HTML page, or nothing that a browser should open."""
    if data.startswith(b"\x89PNG\r\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"GIF8"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "text/html; charset=utf-8" if data[:15].lower() == b"<!doctype html>" else "application/octet-stream"


def serve(app: FastAPI, client: Client) -> None:
    """Put ``/files/{digest}`` on the application."""

    @lru_cache(maxsize=128)
    def read(digest: str) -> bytes:
        return client.file(digest)

    @app.get("/files/{digest}", include_in_schema=False)
    def file(digest: str) -> Response:
        if not _DIGEST.fullmatch(digest):
            return Response(status_code=404)
        try:
            data = read(digest)
        except UnknownItemError:
            return Response(status_code=404)
        except LinghangError:
            return Response(status_code=503)
        # A page of a campaign is shown in a frame without the studio's origin: it can neither read nor call it.
        headers = {
            "Cache-Control": _FOREVER,
            "ETag": f'"{digest}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox allow-scripts",
        }
        return Response(data, media_type=media_type(data), headers=headers)
