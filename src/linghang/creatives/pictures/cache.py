"""Where rendered elements are kept between pictures."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """``LINGHANG_CACHE`` or the user's cache folder."""
    told = os.environ.get("LINGHANG_CACHE")
    return Path(told) if told else Path.home() / ".cache" / "linghang"
