"""The streaming endpoint of the studio's walks: one answer, as slowly as it is told to, or with a silence in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamed_model

WORDS = '{"answer": "QFII是合格境外机构投资者，指经批准可以投资境内证券市场的境外机构。"}'


@dataclass
class Endpoint(streamed_model.Endpoint):
    """``pause``: seconds between pieces; ``stall``: behind the first few it falls silent."""

    pause: float = 0.3
    stall: bool = False


@contextmanager
def streaming() -> Iterator[Endpoint]:
    """The endpoint while it runs."""

    def write_out(write: streamed_model.Write) -> None:
        for start in range(0, len(WORDS), 4):
            write(streamed_model.piece(WORDS[start : start + 4]))
            time.sleep(60 if told.stall and start > 16 else told.pause)
        write(streamed_model.END)

    told = Endpoint(write_out)
    with streamed_model.listening(told):
        yield told
