"""The asset library at the command line: bring pictures, find them, let a campaign's slot stand on one."""

import base64
from pathlib import Path
from typing import Annotated

import typer

from linghang.base.errors import UsageError
from linghang.doors.cli.terminal import Options, ask_home, put


def add_to(root: typer.Typer) -> None:
    """Put this family's commands under the root."""
    group = typer.Typer(help="The asset library: pictures with licence, expiry and brand rules.", no_args_is_help=True)
    group.command("add")(add)
    group.command("find")(find)
    group.command("use")(use)
    group.command("change")(change)
    group.command("remove")(remove)
    root.add_typer(group, name="asset")


def add(
    ctx: typer.Context,
    file: Path,
    name: str = "",
    tag: Annotated[list[str], typer.Option(help="A tag; may be repeated.")] = [],  # noqa: B006
    licence: str = "",
    expires: Annotated[str, typer.Option(help="The last day of the licence, such as 2027-03-31.")] = "",
    no_recolour: Annotated[bool, typer.Option("--no-recolour", help="It stays in its colours.")] = False,
    min_side: Annotated[int, typer.Option(help="Least shorter side of a slot, px.")] = 0,
    product: Annotated[list[str], typer.Option(help="Only for this product or kind; may be repeated.")] = [],  # noqa: B006
) -> None:
    """Bring a picture (JPG, PNG, WebP, SVG); what a camera told of itself is dropped."""
    options: Options = ctx.obj
    put(ask_home(options, "asset.add", name=name or file.stem, data=_bytes(file), tags=tag, licence=licence,
                 expires=expires, no_recolour=no_recolour, min_side=min_side, products=product))  # fmt: skip


def find(
    ctx: typer.Context,
    words: Annotated[str, typer.Argument(help="Words of name, tags or licence.")] = "",
    like: Annotated[str, typer.Option(help="An asset, or a picture file: sorted by look.")] = "",
) -> None:
    """Find assets by words, or by look."""
    file = Path(like) if like else None
    data = _bytes(file) if file is not None and file.is_file() else ""
    put({"assets": ask_home(ctx.obj, "asset.find", words=words, like="" if data else like, data=data)})


def use(
    ctx: typer.Context, slot: str, asset: Annotated[str, typer.Argument()] = "", id: str = "last",
    element: Annotated[bool, typer.Option("--element", help="Show it as the main element, cut out.")] = False,
) -> None:  # fmt: skip
    """Let a campaign's pictures of a slot stand on an asset, or show it; without one, the engine's own again."""
    part = "element" if element else "plate"
    put(ask_home(ctx.obj, "asset.use", id=id, slot=slot, asset=asset, part=part))


def change(
    ctx: typer.Context,
    asset: str,
    name: str = "",
    tag: Annotated[list[str], typer.Option(help="The tags it shall have; may be repeated.")] = [],  # noqa: B006
    licence: Annotated[str | None, typer.Option()] = None,
    expires: Annotated[str | None, typer.Option(help='The last day of the licence; "" for none.')] = None,
    recolour: Annotated[bool | None, typer.Option("--recolour/--no-recolour")] = None,
    min_side: Annotated[int | None, typer.Option(help="Least shorter side of a slot, px.")] = None,
    product: Annotated[list[str], typer.Option(help="Only for this product or kind; may be repeated.")] = [],  # noqa: B006
) -> None:
    """Change tags, licence, last day or brand rules of an asset; what is not given stays."""
    put(ask_home(ctx.obj, "asset.change", asset=asset, name=name, tags=tag or None, licence=licence, expires=expires,
                 no_recolour=None if recolour is None else not recolour, min_side=min_side,
                 products=product or None))  # fmt: skip


def remove(ctx: typer.Context, asset: str) -> None:
    """Take an asset out of the library; refused while campaigns use it."""
    put(ask_home(ctx.obj, "asset.remove", asset=asset))


def _bytes(file: Path) -> str:
    try:
        return base64.b64encode(file.read_bytes()).decode()
    except OSError as error:
        raise UsageError("library.not_a_picture", found=str(file), allowed="JPG, PNG, WebP, SVG") from error
