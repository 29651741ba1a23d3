"""Files from the browser in pieces: the socket between page and server takes a megabyte at once."""

from collections.abc import Mapping
from typing import Any

MOST_CHARACTERS = 28_000_000
"""Of a whole file: 20 MB in base64 take 26.7 million."""


class Pieces:
    """The file that is on its way to a page. A second one takes the place of the first."""

    def __init__(self) -> None:
        self._token = ""
        self._kept: dict[int, str] = {}
        self._size = 0

    def whole(self, told: Mapping[str, Any]) -> dict[str, Any] | None:
        """What a control told, with its whole file where this was the last piece; None while pieces are missing.

        What is larger than any page takes comes as a size without a value, as if the browser had said so.
        """
        if "piece" not in told:
            return dict(told)
        if told["token"] != self._token:
            self._token, self._kept, self._size = str(told["token"]), {}, 0
        piece = str(told["value"])
        self._size += len(piece)
        rest = {key: value for key, value in told.items() if key not in ("piece", "of", "token", "value")}
        if self._size > MOST_CHARACTERS:
            self._token, self._kept = "", {}
            return {**rest, "size": self._size, "value": ""}
        self._kept[int(told["piece"])] = piece
        if len(self._kept) < int(told["of"]):
            return None
        value = "".join(self._kept[place] for place in sorted(self._kept))
        self._token, self._kept, self._size = "", {}, 0
        return {**rest, "value": value}
