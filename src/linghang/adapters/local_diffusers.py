"""A diffusion model in this process, by the ``diffusers`` library, from a folder on the disk."""

import concurrent.futures
import importlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from linghang.base.errors import RefusedError, UnavailableError
from linghang.ports.images import Ability, Made, Wish

Load = Callable[[str, bool], Any]


@dataclass
class LocalDiffusers:
    """``model`` is a folder: nothing is fetched from a hub. ``load`` brings a pipeline (folder, for masks?)."""

    model: str
    masks: bool = False
    side: int = 768
    steps: int = 24
    name: str = "diffusers"
    load: Load = field(default_factory=lambda: _load)
    _pipes: dict[bool, Any] = field(default_factory=dict)

    @property
    def ability(self) -> Ability:
        """Seeds always; masks where the model was told to be one for inpainting."""
        return Ability(masks=self.masks, seeds=True)

    def make(self, wish: Wish, *, timeout: float = 120.0) -> Made:
        """One picture; see the port for what is raised. A run that takes too long is left, and its result dropped."""
        started = time.monotonic()
        pool = concurrent.futures.ThreadPoolExecutor(1)
        job = pool.submit(self._run, wish, started + timeout)
        try:
            data = job.result(timeout)
        except concurrent.futures.TimeoutError as error:
            raise UnavailableError("images.timeout", server=self.name) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return Made(data, Path(self.model).name, 1000 * (time.monotonic() - started))

    def _run(self, wish: Wish, ends: float) -> bytes:
        masked = bool(self.masks and wish.base and wish.mask)
        if masked not in self._pipes:
            self._pipes[masked] = self.load(self.model, masked)
        scale = self.side / max(wish.width, wish.height)
        size = (max(64, round(wish.width * scale / 8) * 8), max(64, round(wish.height * scale / 8) * 8))
        extra: dict[str, Any] = {}
        if masked:
            extra = {"image": _opened(wish.base, "RGB", size), "mask_image": _opened(wish.mask, "L", size)}

        def step(_pipe: Any, _step: int, _when: Any, values: dict[str, Any]) -> dict[str, Any]:
            if time.monotonic() > ends:
                raise UnavailableError("images.timeout", server=self.name)
            return values

        try:
            found = self._pipes[masked](
                prompt=wish.prompt, negative_prompt=wish.avoid, width=size[0], height=size[1],
                num_inference_steps=self.steps, generator=_generator(wish.seed), callback_on_step_end=step, **extra,
            )  # fmt: skip
        except (RuntimeError, ValueError, MemoryError) as error:
            raise UnavailableError("images.bad_answer", server=self.name, reason=type(error).__name__) from error
        flags = getattr(found, "nsfw_content_detected", None)
        if flags and flags[0]:
            raise RefusedError("images.refused", server=self.name)
        stream = io.BytesIO()
        found.images[0].save(stream, "PNG")
        return stream.getvalue()


def _opened(png: bytes, mode: str, size: tuple[int, int]) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert(mode).resize(size)


def _generator(seed: int) -> Any:
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        return None
    return torch.Generator("cpu").manual_seed(seed)


def _load(folder: str, masked: bool) -> Any:
    try:
        library = importlib.import_module("diffusers")
    except ImportError as error:
        raise UnavailableError("images.no_diffusers") from error
    if not Path(folder).is_dir():
        raise UnavailableError("images.no_model", folder=folder)
    way = library.AutoPipelineForInpainting if masked else library.AutoPipelineForText2Image
    return way.from_pretrained(folder, local_files_only=True)
