"""ComfyUI: a workflow in its API format is filled in, queued, watched, and its picture fetched.

``POST /upload/image``, ``POST /prompt``, ``GET /history/{id}``, ``GET /view``; ``POST /interrupt`` when time runs out.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from linghang.adapters.image_wire import Deadline, answer, call, within
from linghang.base.errors import RefusedError, UnavailableError
from linghang.ports.images import Ability, Made, Wish

BASIC: Mapping[str, Any] = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "%checkpoint%"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "%prompt%", "clip": ["1", 1]}},
    "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "%avoid%", "clip": ["1", 1]}},
    "4": {"class_type": "EmptyLatentImage", "inputs": {"width": "%width%", "height": "%height%", "batch_size": 1}},
    "5": {
        "class_type": "KSampler",
        "inputs": {
            "model": ["1", 0], "positive": ["2", 0], "negative": ["3", 0], "latent_image": ["4", 0], "seed": "%seed%",
            "steps": 24, "cfg": 5.5, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1.0,
        },
    },
    "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
    "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "linghang"}},
}  # fmt: skip
"""Text to image with one checkpoint. A workflow of your own may use ``%base%`` and ``%mask%`` (names of uploads)."""


@dataclass(frozen=True)
class ComfyUi:
    """``workflow`` holds ``%prompt% %avoid% %width% %height% %seed% %checkpoint% %base% %mask%`` where values go."""

    url: str
    checkpoint: str = ""
    workflow: Mapping[str, Any] = field(default_factory=lambda: BASIC)
    side: int = 1024
    pause: float = 0.5
    name: str = "comfyui"

    @property
    def ability(self) -> Ability:
        """Seeds always; masks where the workflow takes one."""
        return Ability(masks="%mask%" in json.dumps(self.workflow), seeds=True)

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """One picture; see the port for what is raised."""
        started, deadline = time.monotonic(), within(self.name, timeout)
        scale = self.side / max(wish.width, wish.height)
        values: dict[str, Any] = {
            "%prompt%": wish.prompt,
            "%avoid%": wish.avoid,
            "%seed%": wish.seed,
            "%checkpoint%": self.checkpoint,
            "%width%": max(64, round(wish.width * scale / 8) * 8),
            "%height%": max(64, round(wish.height * scale / 8) * 8),
        }
        if self.ability.masks and wish.base and wish.mask:
            values |= {"%base%": self._upload(deadline, wish.base), "%mask%": self._upload(deadline, wish.mask)}
        queued = {"prompt": _filled(self.workflow, values), "client_id": uuid.uuid4().hex}
        said = answer(self.name, call(deadline, "POST", f"{self.url}/prompt", json=queued))
        if said.get("node_errors") or not isinstance(said.get("prompt_id"), str):
            raise UnavailableError("images.bad_answer", server=self.name, reason="the workflow was not accepted")
        data = self._watched(deadline, said["prompt_id"])
        return Made(data, self.checkpoint or "workflow", 1000 * (time.monotonic() - started))

    def _watched(self, deadline: Deadline, job: str) -> bytes:
        try:
            while True:
                history = answer(self.name, call(deadline, "GET", f"{self.url}/history/{quote(job)}"))
                entry = history.get(job)
                if isinstance(entry, dict) and (picture := self._picture(entry)):
                    return call(deadline, "GET", f"{self.url}/view?{urlencode(picture)}")
                time.sleep(min(self.pause, deadline.left()))
        except UnavailableError as error:
            if error.code == "images.timeout":
                self._interrupt()
            raise

    def _picture(self, entry: Mapping[str, Any]) -> dict[str, str] | None:
        """The first saved picture of a finished job; None while it runs."""
        status = entry.get("status")
        if isinstance(status, dict) and status.get("status_str") == "error":
            said = json.dumps(status.get("messages", ""))[:2000].lower()
            if "nsfw" in said or "safety" in said:
                raise RefusedError("images.refused", server=self.name)
            raise UnavailableError("images.bad_answer", server=self.name, reason="the job failed")
        outputs = entry.get("outputs")
        for output in outputs.values() if isinstance(outputs, dict) else ():
            images = output.get("images") if isinstance(output, dict) else None
            for image in images if isinstance(images, list) else ():
                if isinstance(image, dict) and isinstance(image.get("filename"), str):
                    return {part: str(image.get(part, "")) for part in ("filename", "subfolder", "type")}
        if isinstance(status, dict) and status.get("completed"):
            raise UnavailableError("images.bad_answer", server=self.name, reason="no picture")
        return None

    def _upload(self, deadline: Deadline, png: bytes) -> str:
        files = {"image": (f"linghang-{uuid.uuid4().hex}.png", png, "image/png")}
        said = answer(self.name, call(deadline, "POST", f"{self.url}/upload/image", files=files))
        if not isinstance(said.get("name"), str):
            raise UnavailableError("images.bad_answer", server=self.name, reason="the upload was not accepted")
        return said["name"]

    def _interrupt(self) -> None:
        """Free the server's queue; that this may fail too changes nothing for the one who waited."""
        try:
            call(within(self.name, 3.0), "POST", f"{self.url}/interrupt")
        except UnavailableError:
            return


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return values.get(value, value) if isinstance(value, str) else value
