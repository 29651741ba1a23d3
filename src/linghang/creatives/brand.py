"""The brand kit that designers keep: an append-only ledger over the pack's own, and what is wrong with one.

A kit never breaks a picture: what cannot be used is told as a finding with a fix, and left out.
"""

import base64
import datetime as dt
import io
import json
from dataclasses import asdict, dataclass, replace

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from PIL import Image

from linghang.base.digest import canonical_json, digest
from linghang.base.findings import Finding, Fix, Severity
from linghang.creatives.pictures import Kit, conventions, fonts
from linghang.creatives.pictures.colour import contrast, parse
from linghang.creatives.pictures.fonts.registry import pick
from linghang.creatives.pictures.kits import is_colour, logo_pixels
from linghang.creatives.pictures.palette import until
from linghang.kit.appendonly import append_only
from linghang.kit.database import Instant, metadata, reading
from linghang.packs.model import Brand, Pack

kits = append_only(
    sa.Table(
        "brand_kit",
        metadata,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("institution_id", sa.String(40), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
)

MOST_LOGO = 400_000
"""Bytes of a logo: it lies in every layer record."""


@dataclass(frozen=True)
class BrandKit:
    """What a brand asks of every picture: name, sign of the disc, colours, logo (base64 of a PNG), title face, mood.

    ``face`` and ``mood`` are what is usual where a campaign asks for nothing else; empty leaves it to the design.
    """

    name: str = ""
    sign: str = ""
    primary: str = "#D7000F"
    accent: str = "#F3A823"
    logo: str = ""
    face: str = ""
    mood: str = ""

    @property
    def kit(self) -> Kit:
        """The kit that the engine draws with."""
        return Kit(self.name, self.sign[:1] or self.name[:1], self.primary, self.accent, self.logo)


def of_pack(pack: Pack) -> BrandKit:
    """The pack's own kit."""
    return BrandKit(pack.brand.short, pack.brand.short[:1], pack.brand.primary, pack.brand.accent)


def current(db: sa.Engine, institution_id: str, pack: Pack) -> BrandKit:
    """The kit in use: the newest that was kept, else the pack's."""
    rows = history(db, institution_id)
    return rows[0][0] if rows else of_pack(pack)


def history(db: sa.Engine, institution_id: str) -> tuple[tuple[BrandKit, str, dt.datetime], ...]:
    """Every kit that was kept, the newest first, with who and when."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(kits).where(kits.c.institution_id == institution_id).order_by(kits.c.number.desc())
        ).all()
    return tuple((BrandKit(**json.loads(row.body)), row.actor, row.at) for row in rows)


def keep(db: sa.Engine, institution_id: str, kit: BrandKit, *, actor: str, at: dt.datetime) -> None:
    """Write a kit down; from now on it is the current one."""
    with db.begin() as connection:
        connection.execute(
            kits.insert().values(institution_id=institution_id, body=canonical_json(asdict(kit)), actor=actor, at=at)
        )


def fingerprint(db: sa.Engine, institution_id: str, pack: Pack) -> str:
    """The digest of the kit in use: pictures, pages and the usual tone depend on it."""
    return digest(asdict(current(db, institution_id, pack)))


def usable(kit: BrandKit, pack: Pack) -> BrandKit:
    """The kit with what cannot be used taken back to the pack's: a finding, never a broken picture."""
    own = of_pack(pack)
    return replace(
        kit,
        name=kit.name.strip() or own.name,
        primary=kit.primary if is_colour(kit.primary) else own.primary,
        accent=kit.accent if is_colour(kit.accent) else own.accent,
        face=kit.face if kit.face in {face.id for face in fonts.faces() if face.present} else "",
        mood=kit.mood if kit.mood in conventions.moods() else "",
    )


def branded(own: Brand, kit: BrandKit) -> Brand:
    """A pack's brand with the colours, sign and logo of a kit: what pages show. Names and duties stay the pack's."""
    return replace(own, primary=kit.primary, accent=kit.accent, sign=kit.kit.sign, logo=kit.logo)


def check(kit: BrandKit) -> tuple[Finding, ...]:
    """What is wrong with a kit, each finding with a fix where there is one."""
    return (*_names(kit), *_colours(kit), *_logo(kit), *_choices(kit))


def _names(kit: BrandKit) -> list[Finding]:
    if not kit.name.strip():
        return [Finding("brand.no_name", Severity.S2, about="name")]
    lost = "".join(char for char in kit.name if not char.isspace() and pick(fonts.chain(()), char) is None)
    return [Finding("brand.name_glyphs", Severity.S2, about="name", params={"chars": lost})] if lost else []


def _colours(kit: BrandKit) -> list[Finding]:
    found: list[Finding] = []
    for name in ("primary", "accent"):
        value = str(getattr(kit, name))
        if not is_colour(value):
            found.append(Finding("brand.bad_colour", Severity.S2, about=name, params={"colour": value}))
    if found:
        return found
    white = contrast("#FFFFFF", kit.primary)
    if white < 4.5:
        darker = until(kit.primary, "#FFFFFF", 4.5)
        params: dict[str, str | int | float | bool | None] = {"ratio": f"{white:.1f}", "darker": darker}
        found.append(
            Finding("brand.low_contrast", Severity.S3, about="primary", params=params,
                    fix=Fix("brand.use_darker", text=darker))
        )  # fmt: skip
    if parse(kit.primary).chroma < 0.03:
        found.append(Finding("brand.grey", Severity.S4, about="primary"))
    return found


def _logo(kit: BrandKit) -> list[Finding]:
    if not kit.logo:
        return []
    if len(kit.logo) > MOST_LOGO * 4 // 3:
        return [Finding("brand.logo_heavy", Severity.S2, about="logo", params={"most": MOST_LOGO // 1000})]
    pixels = logo_pixels(kit.logo)
    if pixels is None:
        return [Finding("brand.logo_unreadable", Severity.S2, about="logo")]
    high, wide = pixels.shape[:2]
    found: list[Finding] = []
    if min(high, wide) < 48:
        found.append(Finding("brand.logo_small", Severity.S3, about="logo", params={"width": wide, "height": high}))
    if max(high, wide) / min(high, wide) > 6:
        found.append(Finding("brand.logo_long", Severity.S3, about="logo", params={"width": wide, "height": high}))
    if not pixels[..., 3].any():
        return [*found, Finding("brand.logo_empty", Severity.S2, about="logo")]
    if has_white_box(pixels):
        found.append(
            Finding("brand.logo_white_box", Severity.S3, about="logo", fix=Fix("brand.cut_out", text=cut_out(kit.logo)))
        )
    return found


def _choices(kit: BrandKit) -> list[Finding]:
    found: list[Finding] = []
    if kit.face and kit.face not in {face.id for face in fonts.faces() if face.present}:
        found.append(Finding("brand.face_missing", Severity.S3, about="face", params={"face": kit.face}))
    if kit.mood and kit.mood not in conventions.moods():
        found.append(Finding("brand.no_mood", Severity.S2, about="mood", params={"mood": kit.mood}))
    return found


def has_white_box(pixels: NDArray[np.uint8]) -> bool:
    """Whether a logo brings a ground of its own: its rim is nearly all opaque and nearly white."""
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return bool(((rim[:, 3] > 250) & (rim[:, :3].min(axis=1) > 236)).mean() > 0.9)


def cut_out(logo: str) -> str:
    """The logo with the white that reaches its rim made clear, its edge softened; white inside stays."""
    pixels = logo_pixels(logo)
    if pixels is None:
        return ""
    white = pixels[..., :3].min(axis=2)
    outside = _reached(white > 236)
    alpha = pixels[..., 3].astype(np.float32)
    # What is light next to the outside is the edge's own blend with white: it fades as it was blended.
    edge = _grown(outside) & ~outside & (white > 150)
    alpha[outside] = 0
    alpha[edge] *= (255 - white[edge]) / 105
    done = np.dstack([pixels[..., :3], alpha.clip(0, 255).astype(np.uint8)])
    stream = io.BytesIO()
    Image.fromarray(done, "RGBA").save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def _reached(light: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The light pixels that hang together with the rim."""
    reached = np.zeros_like(light)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = light[0], light[-1], light[:, 0], light[:, -1]
    while True:
        more = _grown(reached) & light
        if bool((more == reached).all()):
            return reached
        reached = more


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown
