"""Which image model a machine has, told by its environment."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linghang.adapters.comfyui import BASIC, ComfyUi
from linghang.adapters.local_diffusers import LocalDiffusers
from linghang.adapters.openai_images import OpenAiImages
from linghang.base.errors import UsageError
from linghang.ports.images import ImageMaker


def images_from_environment(environment: Mapping[str, str]) -> ImageMaker | None:
    """The image model that ``LINGHANG_IMAGES_*`` describes, or None without a KIND.

    KIND is ``openai`` (URL, MODEL, KEY, EDITS=1), ``comfyui`` (URL, CHECKPOINT, WORKFLOW: a file in API format) or
    ``diffusers`` (MODEL: a folder, MASKS=1). Raises UsageError("images.settings") for settings that cannot work.
    """
    prefix = "LINGHANG_IMAGES_"
    told = {key.removeprefix(prefix): value for key, value in environment.items() if key.startswith(prefix)}
    kind, url = told.get("KIND", ""), told.get("URL", "").rstrip("/")
    if not kind:
        return None
    if kind in ("openai", "comfyui") and not url.startswith(("http://", "https://")):
        raise UsageError("images.settings", setting="LINGHANG_IMAGES_URL")
    if kind == "openai":
        return OpenAiImages(url, told.get("MODEL", ""), told.get("KEY", ""), edits=told.get("EDITS") == "1")
    if kind == "comfyui":
        return ComfyUi(url, told.get("CHECKPOINT", ""), _workflow(told.get("WORKFLOW", "")))
    if kind == "diffusers" and told.get("MODEL"):
        return LocalDiffusers(told["MODEL"], masks=told.get("MASKS") == "1")
    raise UsageError("images.settings", setting="LINGHANG_IMAGES_KIND, LINGHANG_IMAGES_MODEL")


def _workflow(path: str) -> Mapping[str, Any]:
    if not path:
        return BASIC
    try:
        value = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("images.settings", setting="LINGHANG_IMAGES_WORKFLOW") from error
    if not isinstance(value, dict):
        raise UsageError("images.settings", setting="LINGHANG_IMAGES_WORKFLOW")
    return value
