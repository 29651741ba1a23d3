"""Pictures without a home: render one from a spec, or all slots of a campaign from one key visual."""

import base64
import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from linghang import packs
from linghang.base.digest import canonical_json
from linghang.base.errors import UsageError
from linghang.base.findings import Finding, Severity
from linghang.creatives import pictures
from linghang.creatives.pictures.asking import named, words
from linghang.creatives.pictures.cache import cache_folder
from linghang.doors.cli.terminal import Options, ask_home, put
from linghang.doors.wire import finding_json
from linghang.kit import files
from linghang.packs.model import Pack

Title = Annotated[str, typer.Argument(help="The title, lines parted by |.")]
Coupons = Annotated[list[str], typer.Option("--coupon", help="A ticket, such as 18元:支付立减券; may be repeated.")]
Set = Annotated[list[str], typer.Option("--set", help="Pin a parameter, such as scene=theatre or hue=258.")]

_FORMS = {".webp": "webp", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}

_WORKING_COPY = 8_000_000
"""A PNG asked for by its name is a lossless copy to work on; slots are served WebP or JPEG within their limit."""


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    group = typer.Typer(help="Creatives: pictures of the parametric engine.", no_args_is_help=True)
    group.command("render")(render)
    group.command("slots")(slots)
    group.command("warm")(warm)
    group.command("parameters")(parameters)
    group.command("preview")(preview)
    group.command("edit")(edit)
    group.command("sheet")(sheet)
    group.command("brand")(brand)
    group.command("learned")(learned)
    group.command("round")(round_)
    group.command("rounds")(rounds)
    group.command("queue")(queue)
    group.command("rate")(rate)
    group.command("prefer")(prefer)
    group.command("taste")(taste)
    group.command("export")(export)
    root.add_typer(group, name="creative")


def render(
    ctx: typer.Context,
    title: Title,
    slot: Annotated[str, typer.Option(help="A slot of the pack or of every app, or WIDTHxHEIGHT.")] = "splash",
    mood: str = "lively",
    product: Annotated[str, typer.Option(help="A product kind, or a product of the pack.")] = "fund",
    festival: str = "",
    subtitle: str = "",
    button: str | None = None,
    badge: str = "",
    coupon: Coupons = [],  # noqa: B006 - Typer reads the default, nobody writes to it
    legal: str | None = None,
    lang: str = "",
    out: Path = Path("picture.webp"),
    pack: str = "demo",
    seed: int = 1,
    pin: Set = [],  # noqa: B006
    record: Annotated[Path | None, typer.Option(help="Where the layer record (JSON) goes.")] = None,
    loop: Annotated[Path | None, typer.Option(help="Where a short animated WebP goes.")] = None,
) -> None:
    """Render one picture; findings of the gates are printed, a failing picture exits with 1."""
    options: Options = ctx.obj
    chosen = packs.load(pack)
    said = _said(subtitle=subtitle, button=button, badge=badge, legal=legal, lang=lang)
    frame = dataclasses.replace(_frame(slot, chosen), form=_FORMS.get(out.suffix.lower(), ""))
    if frame.form == "png":
        frame = dataclasses.replace(frame, max_bytes=max(frame.max_bytes, _WORKING_COPY))
    spec = _spec(chosen, title, frame, (mood, product, festival), said, coupon, seed, pin)
    picture = pictures.compose(spec, cache=cache_folder())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(picture.data)
    if record is not None:
        record.write_bytes(canonical_json(picture.record).encode())
    if loop is not None:
        loop.write_bytes(pictures.loop(picture.record, cache=cache_folder(), max_bytes=spec.frame.max_bytes))
    put({"file": str(out), "mime": picture.mime, "bytes": len(picture.data), "attempts": picture.attempts,
         "findings": _told(picture.findings, options)})  # fmt: skip
    options.exit_code = 1 if _wrong(picture) else 0


def slots(
    ctx: typer.Context,
    title: Title,
    mood: str = "lively",
    product: str = "fund",
    festival: str = "",
    subtitle: str = "",
    button: str | None = None,
    badge: str = "",
    coupon: Coupons = [],  # noqa: B006
    legal: str | None = None,
    lang: str = "",
    out: Path = Path("slots"),
    pack: str = "demo",
    seed: int = 1,
    pin: Set = [],  # noqa: B006
) -> None:
    """Render every slot from one key visual into a folder, each with its record and a thumbnail."""
    options: Options = ctx.obj
    chosen = packs.load(pack)
    said = _said(subtitle=subtitle, button=button, badge=badge, legal=legal, lang=lang)
    frames = pictures.frames()
    spec = _spec(chosen, title, frames[0], (mood, product, festival), said, coupon, seed, pin)
    out.mkdir(parents=True, exist_ok=True)
    files: list[dict[str, object]] = []
    for frame, picture in zip(frames, pictures.compose_set(spec, frames, cache=cache_folder()), strict=True):
        path = out / f"{frame.id}.{picture.mime.removeprefix('image/')}"
        path.write_bytes(picture.data)
        path.with_suffix(".json").write_bytes(canonical_json(picture.record).encode())
        (out / f"{frame.id}.thumb.webp").write_bytes(pictures.thumbnail(picture.data, 320))
        files.append({"file": str(path), "bytes": len(picture.data), "findings": _told(picture.findings, options)})
        options.exit_code = 1 if _wrong(picture) else options.exit_code
    put({"slots": files})


def warm(ctx: typer.Context) -> None:
    """Render the elements of pictures into the cache, as set-up does, so that the first campaign is quick."""
    pictures.warm(cache_folder())
    put({"cache": str(cache_folder())})


def parameters(ctx: typer.Context, id: str = "last", slot: str = "", layer: str = "", variant: str = "") -> None:
    """Everything that can be turned on a campaign's picture, with what it is now, presets and words."""
    put(ask_home(ctx.obj, "creative.parameters", id=id, slot=slot, layer=layer, variant=variant))


def preview(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What to change in words, such as 金币少一点,换成蓝色.")] = "",
    id: str = "last",
    slot: str = "",
    layer: str = "",
    variant: str = "",
    pin: Set = [],  # noqa: B006
    out: Path = Path("preview.webp"),
) -> None:
    """See a campaign's picture as it would look with some changes; nothing is kept."""
    told = dict(ask_home(ctx.obj, "creative.preview", id=id, slot=slot, layer=layer, variant=variant, text=text,
                         changes=dict(_pin(item) for item in pin)))  # fmt: skip
    out.write_bytes(base64.b64decode(told.pop("image")))
    put({"file": str(out), **told})


def edit(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What to change in words, such as 金币少一点,换成蓝色.")] = "",
    id: str = "last",
    slot: str = "",
    layer: str = "",
    variant: str = "",
    pin: Set = [],  # noqa: B006
    scope: Annotated[str, typer.Option(help="picture, layer, slot or all.")] = "picture",
) -> None:
    """Turn a picture of a campaign, or its layer's, its slot's or all of them; take it back by ``campaign undo``."""
    told = dict(ask_home(ctx.obj, "creative.edit", id=id, slot=slot, layer=layer, variant=variant, text=text,
                         changes=dict(_pin(item) for item in pin), scope=scope))  # fmt: skip
    told.pop("document", None)
    put(told)


def sheet(
    ctx: typer.Context,
    id: str = "last",
    layer: Annotated[str, typer.Option(help="A layer; all by default.")] = "",
    out: Annotated[Path, typer.Option(help="The folder for the PNGs.")] = Path("sheets"),
) -> None:
    """Write a contact sheet for each layer of a campaign: its combinations by name, as they will be seen."""
    options: Options = ctx.obj
    told = ask_home(options, "creative.sheet", id=id, layer=layer)
    out.mkdir(parents=True, exist_ok=True)
    for one in told["sheets"]:
        (out / f"{one['layer']}.png").write_bytes(files.get(options.home, one["file"]))
    brief = ("layer", "label", "ready", "excluded")
    put({"folder": str(out), "sheets": [{key: one[key] for key in brief} for one in told["sheets"]]})


def brand(
    ctx: typer.Context,
    pin: Annotated[list[str], typer.Option("--set", help="A field, such as primary=#0B5FFF or face=serif-black.")] = [],  # noqa: B006
    logo: Annotated[Path | None, typer.Option(help="A PNG.")] = None,
) -> None:
    """Show the brand kit with what is wrong with it; with --set or --logo, keep a new one."""
    kit = {key.strip(): value.strip() for key, _, value in (item.partition("=") for item in pin)}
    if logo is not None:
        kit["logo"] = base64.b64encode(logo.read_bytes()).decode()
    told = dict(ask_home(ctx.obj, "brand.keep", kit=kit) if kit else ask_home(ctx.obj, "brand.show"))
    told["kit"] = {**told["kit"], "logo": f"{len(told['kit']['logo'])} base64"}
    put(told)


def learned(ctx: typer.Context) -> None:
    """What designers' ratings taught, and the usable share of the newest fresh audit with its interval."""
    put(ask_home(ctx.obj, "creative.learned"))


def round_(
    ctx: typer.Context,
    element: Annotated[str, typer.Option(help="A kind of element (coin, packet …) instead of whole pictures.")] = "",
    mood: str = "lively",
    product: str = "wealth",
    slot: str = "splash",
    size: Annotated[int, typer.Option(help="How many to rate.")] = 40,
) -> None:
    """Begin a round of rating: drawn afresh, chosen by what was learned, painted, ready in the studio."""
    put(ask_home(ctx.obj, "creative.round", element=element, mood=mood, product=product, slot=slot, size=size))


def rounds(ctx: typer.Context) -> None:
    """The rounds with their progress, and the usable share of each one's random audit with its interval."""
    put({"rounds": ask_home(ctx.obj, "creative.rounds")})


def queue(ctx: typer.Context, round: str = "last") -> None:
    """What you have still to rate in a round."""
    put(ask_home(ctx.obj, "creative.queue", round=round))


def rate(
    ctx: typer.Context,
    candidate: str,
    flags: Annotated[str, typer.Option(help="Defects, parted by commas; none for a usable picture.")] = "",
    note: str = "",
    round: str = "last",
) -> None:
    """Rate one item of a round."""
    said = [flag.strip() for flag in flags.split(",") if flag.strip()]
    put(ask_home(ctx.obj, "creative.rate", candidate=candidate, flags=said, note=note, round=round))


def prefer(ctx: typer.Context, better: str, worse: str, round: str = "last") -> None:
    """Say which of two items you like better."""
    put(ask_home(ctx.obj, "creative.prefer", better=better, worse=worse, round=round))


def taste(ctx: typer.Context, rater: str = "") -> None:
    """What a designer prefers, by the comparisons made."""
    put(ask_home(ctx.obj, "creative.taste", rater=rater))


def export(ctx: typer.Context, out: Path, round: str = "") -> None:
    """Write everything rated (or one round) as a ZIP that trainers of image models read."""
    options: Options = ctx.obj
    told = ask_home(options, "creative.rated_set", round=round)
    out.write_bytes(files.get(options.home, told["file"]))
    put({"file": str(out), "usable": told["usable"], "rejected": told["rejected"]})


def _spec(
    pack: Pack, title: str, frame: pictures.Frame, named_: tuple[str, str, str], said: dict[str, str],
    coupons: list[str], seed: int, pins: list[str],
) -> pictures.DesignSpec:  # fmt: skip
    mood, product, festival = named_
    kinds = {item.id: item.kind for item in pack.products}
    kind = named("products", kinds.get(product, product))
    spec = pictures.DesignSpec(
        mood=named("moods", mood),  # type: ignore[arg-type] - named refuses a mood that does not exist
        product=kind,
        frame=frame,
        words=words(title, kind, {"brand": pack.brand.short, **said}, coupons),
        kit=pictures.Kit(pack.brand.short, pack.brand.short[:1], pack.brand.primary, pack.brand.accent),
        festival=named("festivals", festival),
        seed=seed,
    )
    return pictures.edit(spec, dict(_pin(item) for item in pins))


def _pin(said: str) -> tuple[str, object]:
    key, _, value = said.partition("=")
    try:
        return key.strip(), float(value)
    except ValueError:
        return key.strip(), value.strip()


def _said(**values: str | None) -> dict[str, str]:
    """What was said, without what was not: an empty text leaves a role out, a missing one takes the usual."""
    return {name: value for name, value in values.items() if value is not None}


def _wrong(picture: pictures.Picture) -> bool:
    return any(finding.severity in (Severity.S1, Severity.S2) for finding in picture.findings)


def _told(findings: tuple[Finding, ...], options: Options) -> list[object]:
    return [finding_json(finding, options.locale) for finding in findings]


def _frame(slot: str, pack: Pack) -> pictures.Frame:
    known = {frame.id: frame for frame in pictures.frames()}
    known |= {
        item.id: pictures.Frame(item.id, item.width, item.height, item.max_bytes, item.transparent)
        for item in pack.slots
        if item.width and item.height
    }
    if slot in known:
        return known[slot]
    width, _, height = slot.lower().replace("×", "x").partition("x")
    if width.isdigit() and height.isdigit():
        return pictures.Frame(slot, int(width), int(height))
    raise UsageError("cli.no_slot", slot=slot, have=", ".join(known))
