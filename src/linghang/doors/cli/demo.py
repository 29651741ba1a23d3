"""The main job, as a newcomer sees it: a campaign of the demo institution from its sentence to its report."""

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from linghang.doors.cli import cards, setup
from linghang.doors.cli.terminal import Options, ask_home, client, say

DEMO_SENTENCE = (
    "给近90天浏览过理财但没买过的客户做一场理财拉新，发8元红包，预算1万，短信、push加首页弹窗加首页banner，"
    "下周一开始两周，风格热闹，留10%对照"
)

_STEPS = (("submit", "operator"), ("approve", "approver"), ("launch", "operator"), ("play", "operator"))
_GONE_ON: Mapping[str, int] = {"draft": 0, "in_review": 1, "approved": 2, "running": 3, "ended": 4}
"""Where a campaign of each status goes on; one in another state (rejected, cancelled, paused) is left alone."""


def add_to(root: typer.Typer) -> None:
    """Put this family's command under the root."""
    root.command("demo")(demo)


def demo(
    ctx: typer.Context,
    sentence: str = DEMO_SENTENCE,
    customers: int = 200_000,
    studio: Annotated[bool, typer.Option(help="Keep the studio open afterwards.")] = True,
    port: int = 8080,
) -> None:
    """The main job: a campaign of the demo institution planned, checked, approved, launched, played and reported.

    In a home where the same sentence was begun before it goes on where that campaign stands: its slots are taken.
    """
    options: Options = ctx.obj
    started = time.perf_counter()
    setup.init(ctx, pack="demo", customers=str(customers), seed=7)
    before = _begun(options, sentence)
    if before is not None:
        say(options, "cli.demo_goes_on", name=before["name"], status=before["status_label"], home=str(options.home))
    document = before or ask_home(options, "campaign.new", text=sentence, plan="balanced")
    cards.document(options, document)
    for step, actor in _STEPS[_GONE_ON[str(document["status"])] :]:
        acting = _as(options, actor)
        done = ask_home(acting, f"campaign.{step}", id=document["id"], **_ARGUMENTS.get(step, {}))
        cards.acted(options, f"campaign.{step}", done)
        if step == "approve" and done.get("missing"):
            second = _as(options, "compliance")
            cards.acted(options, "campaign.approve",
                        ask_home(second, "campaign.approve", id=document["id"], comment=""))  # fmt: skip
    cards.report(options, ask_home(options, "campaign.report", id=document["id"]))
    say(options, "cli.demo_done", seconds=round(time.perf_counter() - started, 1))
    if studio:
        setup.serve(ctx, host="127.0.0.1", port=port, rest_port=port + 1, decide_port=port + 2)
    else:
        client(options).stop()


_ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "approve": {"comment": ""}, "launch": {"shadow": False}, "play": {"days": None},
}  # fmt: skip


def _as(options: Options, actor: str) -> Options:
    return Options(home=options.home, actor=actor, locale=options.locale, now=options.now, today=options.today)


def _begun(options: Options, sentence: str) -> dict[str, Any] | None:
    """The campaign of this sentence that got furthest in the home, if one may go on."""
    rows = [row for row in ask_home(options, "campaign.list") if row["status"] in _GONE_ON]
    for row in sorted(rows, key=lambda row: -_GONE_ON[str(row["status"])]):
        document: dict[str, Any] = ask_home(options, "campaign.show", id=row["id"])
        if document["sections"]["brief"]["value"]["text"] == sentence:
            return document
    return None
