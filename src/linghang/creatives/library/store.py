"""Assets and their uses in the application database."""

import datetime as dt
import json
from collections.abc import Sequence

import sqlalchemy as sa

from linghang.base.digest import canonical_json, digest, plain
from linghang.base.errors import UnknownItemError
from linghang.creatives.library.model import Asset, Rules, Use
from linghang.kit.database import Instant, metadata, reading

SOON = dt.timedelta(days=30)
"""A licence that ends within this time is told."""

assets = sa.Table(
    "asset",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("file", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

uses = sa.Table(
    "asset_place",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("campaign", sa.String(40), primary_key=True),
    sa.Column("slot", sa.String(80), primary_key=True),
    sa.Column("part", sa.String(12), primary_key=True),
    sa.Column("asset", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
)


def keep(db: sa.Engine, institution_id: str, asset: Asset, at: dt.datetime) -> None:
    """Store an asset; one with the same id is replaced (its tags, licence and rules may change, its picture not)."""
    body = {key: value for key, value in plain(asset).items() if key not in ("id", "name", "file", "actor")}
    row = {"institution_id": institution_id, "id": asset.id, "name": asset.name, "file": asset.file,
           "body": canonical_json(body), "actor": asset.actor, "at": at}  # fmt: skip
    with db.begin() as connection:
        connection.execute(sa.delete(assets).where(assets.c.institution_id == institution_id, assets.c.id == asset.id))
        connection.execute(assets.insert().values(**row))


def everything(db: sa.Engine, institution_id: str) -> list[Asset]:
    """All assets, newest first."""
    query = sa.select(assets).where(assets.c.institution_id == institution_id).order_by(assets.c.at.desc(), assets.c.id)
    with reading(db).connect() as connection:
        return [_asset(row) for row in connection.execute(query)]


def one(db: sa.Engine, institution_id: str, id: str) -> Asset:
    """An asset. Raises UnknownItemError("library.unknown") with what there is."""
    have = everything(db, institution_id)
    found = next((item for item in have if id in (item.id, item.name)), None)
    if found is None:
        raise UnknownItemError("library.unknown", asset=id, have=", ".join(item.name for item in have[:8]))
    return found


def use(db: sa.Engine, institution_id: str, used: Use, *, actor: str, at: dt.datetime) -> None:
    """Say that a campaign's slot uses an asset; another one there is replaced, an empty ``asset`` ends the use."""
    where = (
        uses.c.institution_id == institution_id, uses.c.campaign == used.campaign, uses.c.slot == used.slot,
        uses.c.part == used.part,
    )  # fmt: skip
    with db.begin() as connection:
        connection.execute(sa.delete(uses).where(*where))
        if used.asset:
            connection.execute(
                uses.insert().values(institution_id=institution_id, **vars(used), actor=actor, at=at)
            )  # fmt: skip


def uses_of(db: sa.Engine, institution_id: str, *, campaign: str = "", asset: str = "") -> list[Use]:
    """Where assets are used: of one campaign, of one asset, or all."""
    query = (
        sa.select(uses)
        .where(uses.c.institution_id == institution_id)
        .order_by(uses.c.campaign, uses.c.slot, uses.c.part)
    )
    if campaign:
        query = query.where(uses.c.campaign == campaign)
    if asset:
        query = query.where(uses.c.asset == asset)
    with reading(db).connect() as connection:
        return [Use(row.campaign, row.slot, row.asset, row.part) for row in connection.execute(query)]


def fingerprint(db: sa.Engine, institution_id: str, campaign: str, today: dt.date) -> str:
    """The digest of what a campaign's slots use, by which rules, and whether it may be used today and in a month."""
    found: Sequence[Use] = uses_of(db, institution_id, campaign=campaign)
    if not found:
        return ""
    known = {item.id: item for item in everything(db, institution_id)}
    told = [(one, known[one.asset]) for one in found]
    soon = today + SOON
    return digest(
        [[one.slot, one.part, it.file, plain(it.rules), it.expired(today), it.ends_by(soon), str(it.expires)]
         for one, it in told]
    )  # fmt: skip


def remove(db: sa.Engine, institution_id: str, id: str) -> None:
    """Take an asset out of the library; its file stays for the pictures that were made with it."""
    with db.begin() as connection:
        connection.execute(sa.delete(assets).where(assets.c.institution_id == institution_id, assets.c.id == id))


def _asset(row: sa.Row[tuple[object, ...]]) -> Asset:
    body = json.loads(row.body)
    said = body["rules"]
    rules = Rules(bool(said["no_recolour"]), int(said["min_side"]), tuple(said["products"]))
    expires = dt.date.fromisoformat(body["expires"]) if body["expires"] else None
    return Asset(
        id=row.id, name=row.name, file=row.file, mime=body["mime"], width=body["width"], height=body["height"],
        bytes=body["bytes"], tags=tuple(body["tags"]), licence=body["licence"], expires=expires, rules=rules,
        look=tuple(body["look"]), actor=row.actor,
    )  # fmt: skip
