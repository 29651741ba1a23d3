"""A turn's place in its conversation: begun, waited for, ended; stopped, and gone on with. The store is the truth.

Whoever says something writes it down first, so that every door sees what is under way. Turns of one conversation run
one after another, in the order in which they were begun: a change of a campaign is read when the campaign is made.
"""

import bisect
import itertools
import re
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from linghang.agents import store
from linghang.agents.model import Json, Step
from linghang.agents.running import CANCELLED, Ran
from linghang.base.errors import LinghangError
from linghang.base.messages import render
from linghang.kit.catalogue import title
from linghang.kit.context import Context

LOOK = 0.1
"""Seconds between two looks of a turn that waits."""
_STOP = re.compile(
    r"(?:请|先|快|赶紧|立刻|马上)?(?:停(?:一?下|止|住|掉|手)?|取消|打住|别(?:做|弄|搞|跑|算|写)了?|不(?:做|弄|搞|用做)了|中止|终止)"
    r"(?:吧|了|它|当前(?:的)?(?:任务|操作)?|这(?:个|一步)|刚才(?:的|那个)?|现在的)?"
    r"|(?:please )?(?:stop|cancel|abort|halt)(?: it| that| this| now)?(?: please)?|never ?mind"
)
_GO_ON = re.compile(
    r"(?:请|那就?|好|好的|行|嗯)?[,，\s]*(?:继续|繼續|接着|接著|往下)(?:吧|做|跑|弄|来|搞|干|走|执行|做完|完成|往下做|下去|算|写)?(?:吧|了)?"
    r"|(?:把)?(?:刚才|剛才|刚刚|上次|停下)(?:停(?:下|掉)?的?|没做完的?|那个|的)?(?:活|事|步骤)?(?:继续|接着|做完|跑完|弄完)(?:吧|了|做)?"
    r"|(?:please )?(?:continue|go on|carry on|keep going|resume|finish it|pick up where you left off)(?: please)?"
)


@dataclass
class _Queue:
    """The turns of one conversation that are in this process: whether one runs, and those that wait.

    A turn that was sent twice waits twice: ``(number, ticket)``.
    """

    busy: bool = False
    waiting: list[tuple[int, int]] = field(default_factory=list)


_queues: dict[tuple[str, str], _Queue] = {}
_guard = threading.Lock()
_tickets = itertools.count()


def stops(text: str) -> bool:
    """Whether a sentence says nothing but that what is under way shall stop."""
    return _STOP.fullmatch(_bare(text)) is not None


def goes_on(text: str) -> bool:
    """Whether a sentence says nothing but to go on."""
    return _GO_ON.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    return text.strip().rstrip("。.!！~～ ").lower()


@contextmanager
def taken(ctx: Context, conversation: str, text: str) -> Generator[int]:
    """The number of a turn, once those before it have ended. Stopped while it waits it raises what ``emit`` raises."""
    own = (ctx.institution_id, conversation)
    with _guard:
        n = begun(ctx, conversation, text)
        queue = _queues.setdefault(own, _Queue())
        place = (n, next(_tickets))
        bisect.insort(queue.waiting, place)
    runs = False
    try:
        _wait(ctx, queue, place)
        runs = True
        yield n
    finally:
        with _guard:
            if runs:
                queue.busy = False
            else:
                queue.waiting.remove(place)
            if not queue.busy and not queue.waiting:
                _queues.pop(own, None)


def _wait(ctx: Context, queue: _Queue, place: tuple[int, int]) -> None:
    pause = threading.Event()
    told = False
    while True:
        with _guard:
            if not queue.busy and queue.waiting[0] == place:
                queue.busy = True
                queue.waiting.remove(place)
                return
        if not told or ctx.cancelled():
            told = True
            ctx.emit("turn", note="agents.turn_waits")
        pause.wait(LOOK)


def begun(ctx: Context, conversation: str, text: str) -> int:
    """Write down that a turn has begun."""
    return store.begin_turn(ctx.db, ctx.institution_id, conversation, key=ctx.idempotency_key, job=ctx.job,
                            actor=ctx.actor.name, text=text, at=ctx.now)  # fmt: skip


def ended(ctx: Context, conversation: str, n: int, text: str, reply: Mapping[str, Json]) -> dict[str, Json]:
    """The reply with its place in the conversation; what is kept of it leaves out the large results."""
    small = {key: value for key, value in reply.items() if key not in ("result", "results", "plan")}
    store.end_turn(ctx.db, ctx.institution_id, conversation, n, aim=str(reply.get("aim", "")),
                   campaign=str(reply.get("campaign", "")), reply=small, at=ctx.now)  # fmt: skip
    empty: dict[str, Json] = {"chips": [], "terms": [], "held": [], "campaign": ""}
    return {"said": text, "conversation": conversation, "turn": n, **empty, **reply}


def broken(ctx: Context, error: LinghangError) -> dict[str, Json]:
    """How a turn is kept that ended with an error, or was stopped before anything was done."""
    if error.code == CANCELLED:
        return {
            "state": "cancelled",
            "aim": "",
            "text": render("agents.stopped_at_once", {}, ctx.locale),
            "choices": [],
        }
    said = render(error.code, error.params, ctx.locale)
    return {"state": "failed", "aim": "", "error": error.code, "text": said, "choices": []}


def stopped(ctx: Context, ran: Ran) -> str:
    """What a stopped plan has done, what it has not, and how to go on."""
    did = _titles(ctx, [step for step in ran.plan.steps if ran.steps[step.id].state == "done"])
    left = _titles(ctx, [step for step in ran.plan.steps if ran.steps[step.id].state != "done"])
    code = "agents.stopped" if did else "agents.stopped_early"
    return render(code, {"done": did, "left": left}, ctx.locale)


def _titles(ctx: Context, steps: Sequence[Step]) -> str:
    joint = ", " if ctx.locale.startswith("en") else "、"
    return joint.join(dict.fromkeys(title(step.skill, ctx.locale) for step in steps))
