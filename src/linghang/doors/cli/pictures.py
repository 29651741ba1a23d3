"""Pictures without a home: render one from a spec, or a whole set of slots."""

from pathlib import Path
from typing import Annotated

import typer

from linghang import packs
from linghang.base.errors import UsageError
from linghang.base.findings import blocks
from linghang.creatives import pictures
from linghang.doors.cli.terminal import Options, put
from linghang.doors.wire import finding_json
from linghang.flow.pictures import cache_folder


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    group = typer.Typer(help="Creatives: pictures of the parametric engine.", no_args_is_help=True)
    group.command("render")(render)
    group.command("warm")(warm)
    root.add_typer(group, name="creative")


def render(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(help="The title, lines parted by |.")],
    slot: Annotated[str, typer.Option(help="A slot of the pack, or WIDTHxHEIGHT.")] = "splash",
    mood: str = "lively",
    product: str = "fund",
    subtitle: str = "",
    button: str = "立即查看",
    legal: str = "",
    out: Path = Path("picture.webp"),
    pack: str = "demo",
    seed: int = 1,
) -> None:
    """Render one picture; findings of the gates are printed, a failing picture exits with 1."""
    options: Options = ctx.obj
    chosen = packs.load(pack)
    width, height, most = _size(slot, {item.id: (item.width, item.height, item.max_bytes) for item in chosen.slots})
    spec = pictures.DesignSpec(
        mood=mood,  # type: ignore[arg-type] - compose refuses a mood that it does not know
        product=product,
        frame=pictures.Frame(slot, width, height, most),
        words=pictures.Words(tuple(title.split("|")), subtitle, button, legal=legal, brand=chosen.brand.short),
        kit=pictures.Kit(chosen.brand.short, chosen.brand.short[:1], chosen.brand.primary, chosen.brand.accent),
        seed=seed,
    )
    picture = pictures.compose(spec, cache=cache_folder())
    out.write_bytes(picture.data)
    findings = [finding_json(finding, options.locale) for finding in picture.findings]
    put({"file": str(out), "mime": picture.mime, "bytes": len(picture.data), "attempts": picture.attempts,
         "findings": findings})  # fmt: skip
    options.exit_code = 1 if blocks(picture.findings) else 0


def warm(ctx: typer.Context) -> None:
    """Render the elements of pictures into the cache, as set-up does, so that the first campaign is quick."""
    pictures.warm(cache_folder())
    put({"cache": str(cache_folder())})


def _size(slot: str, known: dict[str, tuple[int, int, int]]) -> tuple[int, int, int]:
    if slot in known:
        return known[slot]
    width, _, height = slot.lower().replace("×", "x").partition("x")
    if width.isdigit() and height.isdigit():
        return int(width), int(height), 300_000
    raise UsageError("cli.no_slot", slot=slot, have=", ".join(known))
