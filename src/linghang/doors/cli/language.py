"""Commands that need no home: reading briefs and questions, checking texts, rules and packs."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from linghang import compliance, packs, reading
from linghang.base.errors import PackError, UsageError
from linghang.base.records import LayerRecord
from linghang.creatives.library.taking import pixels_of
from linghang.creatives.pictures import overrides
from linghang.creatives.pictures.gates import eyes
from linghang.doors.cli.looking import seen
from linghang.doors.cli.terminal import Options, put, say
from linghang.doors.wire import finding_json
from linghang.packs.loading import find
from linghang.ports.browser import Screen

Json = Annotated[str, typer.Option(hidden=True)]


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    brief = typer.Typer(help="Read a brief: one sentence or many lines.", no_args_is_help=True)
    brief.command("read")(brief_read)
    root.add_typer(brief, name="brief")
    root.command("ask")(ask)
    root.command("check")(check)
    pack = typer.Typer(help="Packs: an institution as data.", no_args_is_help=True)
    pack.command("list")(pack_list)
    pack.command("check")(pack_check)
    pack.command("new")(pack_new)
    root.add_typer(pack, name="pack")


def brief_read(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="The sentence; - reads standard input.")] = "",
    after: Annotated[Path | None, typer.Option(help="A reading that the text edits.")] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON lines: one line out for each line in.")] = None,
    pack: str = "demo",
    spans: Annotated[bool, typer.Option(help="Also print which words support each value.")] = False,
) -> None:
    """Read a sentence: a brief, an edit (with --after), a question, or something else."""
    options: Options = ctx.obj
    chosen = packs.load(pack)
    if batch is not None:
        for answer in reading.read_batch(_lines(batch), today=options.day, pack=chosen):
            put(answer)
        return
    before = None
    if after is not None:
        told = _object(after)
        before = told.get("reading", told)
    result = reading.read(_text(text), today=options.day, pack=chosen, after=before)
    answer = reading.to_json(result)
    if spans:
        answer["spans"] = {key: list(value) for key, value in result.spans.items()}
    put(answer)


def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="A question about campaigns' figures; - reads standard input.")],
    pack: str = "demo",
) -> None:
    """Read a question of analysis (with a home: linghang campaign ask answers it)."""
    options: Options = ctx.obj
    put(reading.to_json(reading.ask(_text(question), today=options.day, pack=packs.load(pack))))


def check(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="The text; - reads standard input.")] = "",
    product: str = "brand",
    channel: str = "landing",
    lang: str = "",
    jurisdiction: str = "CN",
    context: Annotated[str, typer.Option(help="Facts as a JSON object.")] = "",
    launch_date: str = "",
    batch: Annotated[Path | None, typer.Option(help="JSON lines: one line out for each line in.")] = None,
    picture: Annotated[
        Path | None, typer.Option(help="A picture, read by its layer record beside it or by OCR.")
    ] = None,
    page: Annotated[
        str, typer.Option(help="A landing page: an HTML file or an address; rendered where there is a Chromium.")
    ] = "",
    overrides: Annotated[Path | None, typer.Option(help="A bank's own rules, on top of the shipped ones.")] = None,
) -> None:
    """Check a text, a picture or a page against the rules in force on the launch date."""
    options: Options = ctx.obj
    if batch is not None:
        for answer in compliance.check_batch(_lines(batch), today=options.day, own=overrides):
            put(answer)
        return
    line: dict[str, Any] = {
        "text": "" if picture or page else _text(text),
        "product": product,
        "channel": channel,
        "lang": lang,
        "jurisdiction": jurisdiction,
        "context": _json_object(context, "--context") if context else {},
        "launch_date": launch_date,
    }
    answer: dict[str, Any] = dict(_checked(line, picture, page, overrides, options))
    if options.json:
        put(answer)
        return
    if answer.get("read_by"):
        say(options, f"cli.read_by_{answer['read_by']}")
    say(options, "cli.verdict", verdict=answer["verdict"], count=len(answer["findings"]))
    for finding in answer["findings"]:
        sys.stdout.write(f"  {finding['severity']} {finding['rule']} 「{finding['text']}」 {finding['message']}\n")
        sys.stdout.write(f"      {finding['law']} {finding['article']}\n")
    if answer["aside"]:
        say(options, "cli.aside", words="、".join(dict.fromkeys(item["text"] for item in answer["aside"])))
    for code in answer["missing_disclosures"]:
        sys.stdout.write(f"  + {code}\n")
    if answer.get("fixed_text") and answer["fixed_text"] != line["text"]:
        sys.stdout.write(f"  → {answer['fixed_text']}\n")


def _checked(
    line: dict[str, Any], picture: Path | None, page: str, own: Path | None, options: Options
) -> dict[str, Any]:
    """The answer for a text, or for a picture or page in a file, and how the latter was read."""
    if picture is not None:
        record = picture if picture.suffix == ".json" else picture.with_suffix(".json")
        if record.exists():
            answer = compliance.check_file(line, record=_record(_object(record), record), today=options.day, own=own)
            return {**answer, "read_by": "record"}
        screen = Screen(eyes.shown(_pixels(picture)))
        return {**compliance.check_file(line, screen=screen, today=options.day, own=own), "read_by": "ocr"}
    if page:
        screen, html = seen(page)
        answer = compliance.check_file(line, page=html, screen=screen, today=options.day, own=own)
        return {**answer, "read_by": "parsed" if screen is None else "chromium"}
    return dict(next(iter(compliance.check_batch([line], today=options.day, own=own))))


def _pixels(picture: Path) -> Any:
    try:
        return pixels_of(picture.read_bytes())
    except OSError as error:
        raise UsageError("cli.no_file", path=str(picture), reason=str(error.strerror)) from error


def _record(told: dict[str, Any], path: Path) -> LayerRecord:
    try:
        plain: dict[str, Any] = {**told, "layers": tuple(told["layers"]), "texts": tuple(told["texts"])}
        return LayerRecord(**plain)
    except (KeyError, TypeError) as error:
        raise UsageError("cli.bad_json", where=str(path), reason=str(error)) from error


def pack_list(ctx: typer.Context) -> None:
    """List the packs that come with Linghang."""
    names = packs.names()
    if ctx.obj.json:
        put({"packs": list(names)})
    else:
        sys.stdout.write("\n".join(names) + "\n")


def pack_check(ctx: typer.Context, pack: str) -> None:
    """Check a pack; errors name file, line and what is allowed."""
    options: Options = ctx.obj
    findings = (*packs.check(pack), *overrides.of_folder(find(pack))[1])
    if findings:
        raise PackError("cli.pack_bad", findings, pack=pack, count=len(findings))
    chosen = packs.load(pack)
    compliance.rules_of(chosen, None)
    if options.json:
        put(
            {
                "pack": chosen.id,
                "digest": chosen.digest,
                "findings": [finding_json(f, options.locale) for f in findings],
            }
        )
    else:
        say(options, "cli.pack_good", pack=chosen.id, attributes=len(chosen.attributes), products=len(chosen.products))


def pack_new(ctx: typer.Context, folder: Path, name: str = "my-bank") -> None:
    """Write a small, valid, commented pack to begin with."""
    packs.new(folder, name)
    say(ctx.obj, "cli.pack_new", folder=str(folder))
    if ctx.obj.json:
        put({"folder": str(folder)})


def _text(argument: str) -> str:
    text = sys.stdin.read() if argument == "-" else argument
    if not text.strip():
        raise UsageError("cli.no_text")
    return text.rstrip("\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        file = sys.stdin if str(path) == "-" else path.open(encoding="utf-8")
    except OSError as error:
        raise UsageError("cli.no_file", path=str(path), reason=str(error.strerror)) from error
    with file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                told = json.loads(line)
            except ValueError as error:
                raise UsageError("cli.bad_line", path=str(path), line=number, reason=str(error)) from error
            if not isinstance(told, dict):
                raise UsageError("cli.bad_line", path=str(path), line=number, reason="not an object")
            yield told


def _object(path: Path) -> dict[str, Any]:
    try:
        return _json_object(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise UsageError("cli.no_file", path=str(path), reason=str(error.strerror)) from error


def _json_object(text: str, where: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise UsageError("cli.bad_json", where=where, reason=str(error)) from error
    if not isinstance(told, dict):
        raise UsageError("cli.bad_json", where=where, reason="not an object")
    return told
