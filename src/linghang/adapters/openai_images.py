"""A server that speaks the OpenAI images protocol: ``/images/generations``, and ``/images/edits`` with a mask."""

import base64
import binascii
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from linghang.adapters.image_wire import answer, call, must_be_same_host, within
from linghang.base.errors import UnavailableError
from linghang.ports.images import Ability, Made, Wish

_SIZES = ((1024, 1024), (1024, 1536), (1536, 1024))


@dataclass(frozen=True)
class OpenAiImages:
    """``url`` ends before ``/images`` (``https://host/v1``). ``sizes`` are those that the model accepts, ``edits``
    says whether it repaints under a mask."""

    url: str
    model: str
    key: str = ""
    sizes: tuple[tuple[int, int], ...] = _SIZES
    edits: bool = False
    transparent: bool = False
    name: str = "openai"

    @property
    def ability(self) -> Ability:
        """What this server can do; the protocol knows no seeds."""
        return Ability(masks=self.edits, seeds=False, transparent=self.transparent)

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """One picture; see the port for what is raised."""
        started, deadline = time.monotonic(), within(self.name, timeout)
        size = self._size(wish)
        said = {
            "model": self.model,
            "prompt": f"{wish.prompt}. Avoid: {wish.avoid}" if wish.avoid else wish.prompt,
            "size": f"{size[0]}x{size[1]}",
            "n": 1,
        }
        if wish.transparent and self.transparent:
            said |= {"background": "transparent", "output_format": "png"}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        if self.edits and wish.base and wish.mask:
            files = {
                "image": ("base.png", _sized(wish.base, size), "image/png"),
                "mask": ("mask.png", _hollow(wish.mask, size), "image/png"),
            }
            form = {name: str(value) for name, value in said.items()}
            body = call(deadline, "POST", f"{self.url}/images/edits", data=form, files=files, headers=headers)
        else:
            said["response_format"] = "b64_json"
            body = call(deadline, "POST", f"{self.url}/images/generations", json=said, headers=headers)
        item = _first(self.name, answer(self.name, body))
        if isinstance(item.get("b64_json"), str):
            data = _decoded(self.name, item["b64_json"])
        elif isinstance(item.get("url"), str):
            must_be_same_host(self.name, item["url"], self.url)
            data = call(deadline, "GET", item["url"], headers=headers)
        else:
            raise UnavailableError("images.bad_answer", server=self.name, reason="no picture")
        return Made(data, self.model, 1000 * (time.monotonic() - started))

    def _size(self, wish: Wish) -> tuple[int, int]:
        """The accepted size whose proportions are nearest."""
        shape = wish.width / wish.height
        return min(self.sizes, key=lambda size: abs(size[0] / size[1] / shape - 1))


def _first(server: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    data = said.get("data")
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return data[0]
    raise UnavailableError("images.bad_answer", server=server, reason="no data")


def _decoded(server: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise UnavailableError("images.bad_answer", server=server, reason="no base64") from error


def _sized(png: bytes, size: tuple[int, int]) -> bytes:
    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGBA").resize(size).save(stream, "PNG")
    return stream.getvalue()


def _hollow(mask: bytes, size: tuple[int, int]) -> bytes:
    """The mask as this protocol wants it: transparent where the model may paint."""
    grey = Image.open(io.BytesIO(mask)).convert("L").resize(size)
    whole = Image.new("RGBA", size, (0, 0, 0, 255))
    whole.putalpha(grey.point([255 - value for value in range(256)]))
    stream = io.BytesIO()
    whole.save(stream, "PNG")
    return stream.getvalue()
