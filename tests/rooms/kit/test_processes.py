"""Processes that draw: what they answer, and what happens when one dies."""

import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from linghang.kit.processes import Processes


def test_a_process_that_dies_is_replaced_for_the_next_job() -> None:
    processes = Processes(1)
    try:
        first = processes.submit(os.getpid).result(timeout=30)
        assert first != os.getpid()
        dying = processes.submit(os.kill, first, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            dying.result(timeout=30)
        second = processes.submit(os.getpid).result(timeout=30)
        assert second not in (first, os.getpid())
    finally:
        processes.shutdown(wait=True, cancel_futures=True)
