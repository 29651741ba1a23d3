"""Every dialog of the studio in Chromium: opened by the keyboard, focus within it, named, closed by Esc, focus back."""

import json
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

from .test_browser import PATHS, address, page  # noqa: E402, F401 - fixtures of that module

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

ACTS = """() => [...new Set([...document.querySelectorAll('main button[data-act]')]
  .filter(e => e.checkVisibility() && !e.disabled).map(e => e.dataset.act))]"""
OPEN = "[...document.querySelectorAll('dialog[open]')].some(d => d.id !== 'chat')"
INSIDE = "!!document.activeElement?.closest('dialog[open]')"
OUTSIDE = "document.activeElement !== document.body && !document.activeElement.closest('dialog[open]')"
NAMED = """() => { const d = [...document.querySelectorAll('dialog[open]')].pop(); const by = d.getAttribute('aria-labelledby');
  return !!(d.getAttribute('aria-label') || (by && document.getElementById(by)?.textContent.trim())); }"""
ASKS = (
    "ask",
    "pick",
    "group",
    "sample",
    "history",
    "assume",
    "compare",
    "explain",
    "dismiss",
    "large",
    "stop.ask",
    "copy",
)
"""What the acts are called that open a dialog; the others do something at once."""


def test_every_dialog_takes_the_focus_and_gives_way_to_escape(page: Any) -> None:  # noqa: F811
    seen: set[str] = set()
    for path in PATHS:
        page.goto(path)
        page.wait_for_timeout(350)
        for name in page.evaluate(ACTS):
            if name in seen or not name.startswith(ASKS):
                continue
            seen.add(name)
            button = page.locator(f'main button[data-act="{name}"]:visible').first
            button.focus()
            page.keyboard.press("Enter")
            try:
                page.wait_for_function(OPEN, timeout=3_000)
            except sync_api.TimeoutError:
                page.goto(path)
                page.wait_for_timeout(350)
                continue
            assert page.evaluate(INSIDE), (path, name, "the focus is in the dialog")
            assert page.evaluate(NAMED), (path, name, "the dialog has a name")
            for _ in range(8):
                page.keyboard.press("Tab")
                assert not page.evaluate(OUTSIDE), (path, name, "Tab stays in the dialog")
            page.keyboard.press("Escape")
            page.wait_for_function(f"!({OPEN})", timeout=3_000)
            back = f"document.activeElement?.dataset?.act === {json.dumps(name)}"
            page.wait_for_function(back, timeout=3_000), "the focus is where it was"
    opened = {name for name in seen if name.startswith("ask")}
    assert len(opened) >= 3, seen
