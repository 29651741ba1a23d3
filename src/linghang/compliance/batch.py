"""JSON lines in, JSON objects out: the batch form of the checker, and the rules' own examples."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from linghang.base.errors import UsageError
from linghang.base.records import LayerRecord
from linghang.compliance.checking import check
from linghang.compliance.learned import foresee
from linghang.compliance.loading import load_rules
from linghang.compliance.mending import mended
from linghang.compliance.model import JURISDICTIONS, Json, Material, Rule
from linghang.compliance.normalise import is_chinese
from linghang.compliance.pages import check_page
from linghang.compliance.pictures import check_record
from linghang.compliance.rendering import to_json
from linghang.compliance.shown import check_shown
from linghang.ports.browser import Screen


def check_batch(
    lines: Iterable[Mapping[str, Any]], *, today: dt.date, own: str | Path | None = None
) -> Iterator[dict[str, Json]]:
    """One answer for each line, in order, with the line's ``id`` first where it has one.

    A line has ``text`` and may have product, channel, lang, jurisdiction, context and launch_date; ``own`` is a bank's
    own file of rules. Raises UsageError for a line without a text or with a date that is none, PackError for a file
    that does not hold.
    """
    for place, line in enumerate(_foreseen(lines)):
        material = _material(line, place)
        context = line.get("context") or {}
        if not isinstance(context, Mapping):
            raise UsageError("compliance.bad_context", line=place + 1)
        rules = load_rules(material.jurisdiction, material.launch_date or today, own)
        done = check(material, rules=rules, context=context, today=today, reader="decides")
        answer = to_json(mended(done, rules=rules, context=context, today=today))
        yield {"id": line["id"], **answer} if "id" in line else answer


def _foreseen(lines: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The lines, a few at a time: what their texts mean is asked of the encoder together, which takes half as long."""
    told = iter(lines)
    while few := list(islice(told, _TOGETHER)):
        if len(few) > 1:
            foresee(
                (text, "zh" if (line.get("jurisdiction") or "CN") == "CN" and is_chinese(text) else "en")
                for line in few
                if isinstance(text := line.get("text"), str)
            )
        yield from few


_TOGETHER = 32


def check_file(
    line: Mapping[str, Any],
    *,
    page: str = "",
    record: LayerRecord | None = None,
    screen: Screen | None = None,
    today: dt.date,
    own: str | Path | None = None,
) -> dict[str, Json]:
    """The answer for a page (its HTML), a picture (its layer record), or either as it is seen (``screen``: rendered, or
    read by OCR); ``line`` says product, channel, date and facts.

    Spans count code points of what a visitor reads, which is in ``text``; of what is seen, ``boxes`` tell the place.
    """
    material = _material({**line, "text": ""}, 0)
    context = line.get("context") or {}
    rules = load_rules(material.jurisdiction, material.launch_date or today, own)
    if screen is not None:
        sight = check_shown(screen, material, rules=rules, context=context, today=today)
        answer = to_json(sight.check, sight.boxes)
        return {"text": sight.check.material.text, **answer}
    if record is not None:
        done = check_record(record, material, rules=rules, context=context, today=today)
    else:
        done = check_page(page, material, rules=rules, context=context, today=today, reader="decides")
    return {"text": done.material.text, **to_json(done)}


def _material(line: Mapping[str, Any], place: int) -> Material:
    if not isinstance(line.get("text"), str):
        raise UsageError("compliance.no_text", line=place + 1)
    told = line.get("launch_date") or None
    try:
        launch = dt.date.fromisoformat(str(told)) if told else None
    except ValueError as error:
        raise UsageError("compliance.not_a_date", file="", line=place + 1, found=str(told)) from error
    return Material(
        text=line["text"],
        product=line.get("product") or "brand",
        channel=line.get("channel") or "landing",
        lang=line.get("lang") or "",
        jurisdiction=line.get("jurisdiction") or "CN",
        launch_date=launch,
    )


def run_examples(
    rules: Iterable[Rule] | None = None, *, today: dt.date = dt.date(2026, 11, 23)
) -> tuple[int, list[str]]:
    """Runs the rules' own examples: how many passed, and a line for each that did not.

    ``rules`` are a bank's, its own among them; None are all that come with Linghang.
    """
    chosen = (
        tuple(rules) if rules is not None else tuple(rule for name in JURISDICTIONS for rule in load_rules(name, None))
    )
    passed = 0
    failures: list[str] = []
    for rule in chosen:
        given = None if rules is None else [one for one in chosen if one.jurisdiction == rule.jurisdiction]
        for example in rule.examples:
            product = example.product or (rule.products[0] if rule.products else "brand")
            channel = example.channel or (rule.channels[0] if rule.channels else "landing")
            material = Material(example.text, product, channel, jurisdiction=rule.jurisdiction, launch_date=today)
            done = check(material, rules=given, context=example.context, today=today, reader="decides")
            cited = {name for hit in done.hits for name in (hit.rule.id, *hit.also)}
            if (rule.id in cited) == example.positive:
                passed += 1
            else:
                said = "not found" if example.positive else "found"
                failures.append(f"{rule.id} {said} in: {example.text}")
    return passed, failures
