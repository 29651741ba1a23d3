"""The compiler: keeps derived sections fresh, like ``make``. Nothing changed, nothing done.

Independent sections are made side by side. Every finished section is stored at once, so a killed compile
continues where it was, and whoever looks sees the document fill in.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any, Literal

from linghang.base.digest import digest, plain
from linghang.base.findings import Finding, Severity
from linghang.base.patches import apply
from linghang.campaigns import store
from linghang.campaigns.model import Campaign, Section
from linghang.campaigns.sections import Pin
from linghang.flow.graph import Look, Made, Node, input_digests, key_of, order
from linghang.kit.context import Context
from linghang.packs.model import Pack

State = Literal["fresh", "computed", "recalled", "waiting"]


@dataclass(frozen=True)
class Step:
    """What the compiler did about a section. ``causes`` are the inputs that changed (empty: it was not there)."""

    section: str
    state: State
    causes: tuple[str, ...]
    millis: float
    cpu_millis: float
    pinned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compiled:
    """The campaign after a compile, and what was done."""

    campaign: Campaign
    steps: tuple[Step, ...]


def compile_campaign(
    ctx: Context,
    campaign: Campaign,
    nodes: Sequence[Node],
    pack: Pack,
    surroundings: Mapping[str, str],
    *,
    avoid: Mapping[str, tuple[str, ...]] | None = None,
) -> Compiled:
    """Bring every derived section up to date with the given ones.

    A node whose inputs carry a blocking finding (S1 of the same section) is not started: its section waits.
    """
    work = _Work(ctx, campaign, pack, surroundings, avoid or {})
    pending = list(order(tuple(nodes)))
    running: dict[Future[Section], tuple[Node, tuple[str, ...]]] = {}
    with ThreadPoolExecutor(2, thread_name_prefix="compile") as pool:
        while pending or running:
            ready = [node for node in pending if work.ready(node)]
            for node in ready:
                pending.remove(node)
                if not work.settle(node):
                    running[pool.submit(work.make, node)] = (node, work.causes(node))
            if not running:
                if ready:
                    continue  # all of them were up to date, and may have made others ready
                break
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                node, causes = running.pop(future)
                work.finish(node, future.result(), causes)
    for node in pending:
        work.steps.append(Step(node.section, "waiting", (), 0.0, 0.0))
    return Compiled(work.campaign, tuple(work.steps))


class _Work:
    """The state of one compile: the campaign as it fills in, and the steps so far."""

    def __init__(
        self,
        ctx: Context,
        campaign: Campaign,
        pack: Pack,
        surroundings: Mapping[str, str],
        avoid: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.ctx = ctx
        self.campaign = campaign
        self.pack = pack
        self.surroundings = surroundings
        self.avoid = avoid
        self.steps: list[Step] = []
        self.current = {"brief", "choice", "pins"}
        pins = campaign.value("pins")
        self.pins: tuple[Pin, ...] = pins.items if pins else ()

    def ready(self, node: Node) -> bool:
        """Whether all that the node needs is up to date, and nothing needed is blocked."""
        if not set(node.needs) <= self.current:
            return False
        return not any(
            finding.severity is Severity.S1
            for name in node.needs
            if name in ("reading", "goal", "audience")
            for finding in self.campaign.sections[name].findings
        )

    def settle(self, node: Node) -> bool:
        """Take the section as it is, or as it was made before. False when it must be made."""
        key = self.key(node)
        existing = self.campaign.sections.get(node.section)
        pinned = self._pin_paths(node.section)
        same = existing is not None and existing.key == key
        if existing is not None and same and not existing.pinned and not pinned:
            self.current.add(node.section)
            self.steps.append(Step(node.section, "fresh", (), 0.0, 0.0))
            return True
        # With pins (or pins just taken away) the value is laid anew over what was derived under the same key.
        earlier = store.recall(self.ctx.db, self.ctx.institution_id, key)
        if earlier is None:
            return False
        causes = self.causes(node)
        self._place(replace(earlier, cause="compile.recalled"))
        unchanged = existing is not None and self.campaign.sections[node.section].digest == existing.digest
        self.steps.append(Step(node.section, "fresh" if same and unchanged else "recalled", causes, 0.0, 0.0, pinned))
        return True

    def key(self, node: Node) -> str:
        """The node's cache key now."""
        digests = input_digests(node, self.campaign, self.surroundings)
        return key_of(node, digests, self.avoid.get(node.section, ()))

    def causes(self, node: Node) -> tuple[str, ...]:
        """Which inputs differ from those that the present section was made of."""
        existing = self.campaign.sections.get(node.section)
        if existing is None:
            return ()
        now = input_digests(node, self.campaign, self.surroundings)
        changed = tuple(path for path, value in now.items() if existing.inputs.get(path) != value)
        return changed or (() if existing.key == self.key(node) else ("@skill",))

    def make(self, node: Node) -> Section:
        """Make the section (in a worker thread) and remember it under its key."""
        self.ctx.emit(f"making:{node.section}", len(self.steps), 0, "flow.making", section=node.section)
        look = Look(
            self.campaign.id,
            self.pack,
            {name: self.campaign.value(name) for name in node.needs},
            self.avoid.get(node.section, ()),
        )
        digests = input_digests(node, self.campaign, self.surroundings)
        key = self.key(node)
        start, cpu = time.perf_counter(), time.thread_time()
        made: Made = node.make(self.ctx, look)
        section = Section(
            name=node.section,
            value=made.value,
            digest=digest(made.value),
            key=key,
            skill=f"flow.{node.section}",
            skill_version=node.version,
            inputs=digests,
            millis=(time.perf_counter() - start) * 1000,
            cpu_millis=(time.thread_time() - cpu) * 1000,
            findings=made.findings,
        )
        store.remember(self.ctx.db, self.ctx.institution_id, section)
        return section

    def finish(self, node: Node, section: Section, causes: tuple[str, ...]) -> None:
        """Put a made section into the document and say so."""
        self._place(replace(section, cause="compile.inputs_changed" if causes else "compile.first_time"))
        pinned = self._pin_paths(node.section)
        self.steps.append(Step(node.section, "computed", causes, section.millis, section.cpu_millis, pinned))
        self.ctx.emit(
            f"section:{node.section}", len(self.steps), 0, "flow.section_done",
            section=node.section, millis=round(section.millis, 1),
        )  # fmt: skip

    def _place(self, section: Section) -> None:
        section = pinned_over(section, tuple(pin for pin in self.pins if pin.path.split(".")[0] == section.name))
        self.campaign = store.fill(self.ctx.db, self.campaign, section)
        self.current.add(section.name)

    def _pin_paths(self, name: str) -> tuple[str, ...]:
        return tuple(pin.path for pin in self.pins if pin.path.split(".")[0] == name)


def pinned_over(section: Section, pins: tuple[Pin, ...]) -> Section:
    """The section with hand-set values laid over the derived ones.

    When what a pin replaced has changed since, the pin stays and a finding "pin.conflict" shows the derived value;
    a pin whose place is gone stays too, as "pin.place_gone".
    """
    if not pins:
        return section
    body: dict[str, Any] = plain(section.value)
    findings: list[Finding] = list(section.findings)
    for pin in pins:
        path = pin.path.split(".", 1)[1]
        found, derived = lookup(body, path)
        if not found:
            findings.append(Finding("pin.place_gone", Severity.S3, pin.path, params={"path": pin.path}))
            continue
        if digest(derived) not in (pin.derived, digest(pin.value)):
            params = {"path": pin.path, "pinned": str(pin.value), "derived": str(derived)}
            findings.append(Finding("pin.conflict", Severity.S3, pin.path, params=params))
        body, _ = apply(body, [{"op": "set", "path": path, "value": pin.value}])
    value = store.section_type(section.name).validate_python(body)
    return replace(
        section,
        value=value,
        digest=digest(value),
        findings=tuple(findings),
        pinned=tuple(pin.path for pin in pins),
    )


def lookup(body: Any, path: str) -> tuple[bool, Any]:
    """Whether a dotted path (``texts[id].text``) exists in JSON, and the value there."""
    from_list = path.replace("]", "").replace("[", ".").split(".")
    place = body
    for step in from_list:
        if isinstance(place, dict) and step in place:
            place = place[step]
        elif isinstance(place, list):
            named = [item for item in place if isinstance(item, dict) and step in (item.get("id"), item.get("field"))]
            if not named:
                return False, None
            place = named[0]
        else:
            return False, None
    return True, place
