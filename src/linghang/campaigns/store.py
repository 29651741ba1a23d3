"""Where campaign documents live: versions that refer to section values by digest, so nothing is stored twice.

A version is born by a change of given sections; its derived sections fill in as the compiler finishes them.
Version numbers are the optimistic lock: who changes a version that is no longer the newest is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from linghang.base.digest import canonical_json, digest, plain
from linghang.base.errors import ConflictError, UnknownItemError
from linghang.base.findings import Finding
from linghang.base.records import Outcome
from linghang.campaigns.model import SCHEMA_VERSION, Campaign, Package, Section
from linghang.campaigns.sections import SECTIONS
from linghang.campaigns.upgrade import upgrade
from linghang.kit.database import Instant, metadata, reading

campaigns = sa.Table(
    "campaign",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("parent", sa.String(40), nullable=False, server_default=""),
    sa.Column("created", Instant, nullable=False),
    sa.Column("updated", Instant, nullable=False),
)
versions = sa.Table(
    "campaign_version",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("sections", sa.Text, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("cause", sa.String(80), nullable=False),
    sa.Column("at", Instant, nullable=False),
)
values = sa.Table(
    "section_value",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
)
made = sa.Table(
    "section_cache",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("section", sa.Text, nullable=False),
)
packages = sa.Table(
    "package",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("campaign_id", sa.String(40), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
outcomes = sa.Table(
    "outcome",
    metadata,
    sa.Column("institution_id", sa.String(40), primary_key=True),
    sa.Column("package", sa.String(64), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)


@cache
def section_type(name: str) -> TypeAdapter[Any]:
    """The adapter that reads and checks the value of a section."""
    return TypeAdapter(SECTIONS[name])


_FINDINGS = TypeAdapter(tuple[Finding, ...])
_PACKAGE = TypeAdapter(Package)
_OUTCOME = TypeAdapter(Outcome)


def create(db: sa.Engine, campaign: Campaign, *, actor: str, cause: str) -> None:
    """Store the first version of a new campaign."""
    with db.begin() as connection:
        connection.execute(
            campaigns.insert().values(
                institution_id=campaign.institution_id,
                id=campaign.id,
                version=campaign.version,
                owner=campaign.owner,
                parent=campaign.parent,
                created=campaign.created,
                updated=campaign.updated,
            )
        )
        _insert_version(connection, campaign, actor, cause)


def advance(db: sa.Engine, campaign: Campaign, *, actor: str, cause: str, at: datetime) -> Campaign:
    """Store a new version after ``campaign.version`` and return it.

    Raises ConflictError("campaign.changed_meanwhile") when somebody stored a newer version first.
    """
    following = replace(campaign, version=campaign.version + 1, updated=at)
    with db.begin() as connection:
        moved = connection.execute(
            campaigns.update()
            .where(
                campaigns.c.institution_id == campaign.institution_id,
                campaigns.c.id == campaign.id,
                campaigns.c.version == campaign.version,
            )
            .values(version=following.version, updated=at)
        )
        if moved.rowcount != 1:
            raise ConflictError("campaign.changed_meanwhile", campaign=campaign.id, version=campaign.version)
        _insert_version(connection, following, actor, cause)
    return following


def fill(db: sa.Engine, campaign: Campaign, *sections: Section) -> Campaign:
    """Put finished derived sections into the campaign's version; returns the campaign with them."""
    with db.begin() as connection:
        where = _version_is(campaign.institution_id, campaign.id, campaign.version)
        stored = json.loads(connection.execute(sa.select(versions.c.sections).where(where)).scalar_one())
        for section in sections:
            _keep_value(connection, section)
            stored[section.name] = _shape(section)
        ordered = {name: stored[name] for name in SECTIONS if name in stored}
        connection.execute(versions.update().where(where).values(sections=canonical_json(ordered)))
    merged = {**campaign.sections, **{section.name: section for section in sections}}
    return replace(campaign, sections={name: merged[name] for name in SECTIONS if name in merged})


def load(db: sa.Engine, institution_id: str, campaign_id: str, version: int | None = None) -> Campaign:
    """A version of a campaign, the newest by default. Raises UnknownItemError("campaign.unknown")."""
    with reading(db).connect() as connection:
        row = connection.execute(
            sa.select(campaigns).where(campaigns.c.institution_id == institution_id, campaigns.c.id == campaign_id)
        ).one_or_none()
        if row is None:
            raise UnknownItemError("campaign.unknown", campaign=campaign_id)
        number = row.version if version is None else version
        body = connection.execute(
            sa.select(versions.c.sections, versions.c.schema_version).where(
                _version_is(institution_id, campaign_id, number)
            )
        ).one_or_none()
        if body is None:
            raise UnknownItemError("campaign.no_such_version", campaign=campaign_id, version=number, newest=row.version)
        shapes: dict[str, dict[str, Any]] = json.loads(body.sections)
        sections = {name: _section(connection, shapes[name]) for name in SECTIONS if name in shapes}
    return Campaign(
        id=campaign_id,
        institution_id=institution_id,
        version=number,
        owner=row.owner,
        created=row.created,
        updated=row.updated,
        sections=sections,
        parent=row.parent,
    )


def listing(db: sa.Engine, institution_id: str) -> list[tuple[str, int]]:
    """Ids and newest versions of all campaigns, latest change first."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(campaigns.c.id, campaigns.c.version)
            .where(campaigns.c.institution_id == institution_id)
            .order_by(campaigns.c.updated.desc(), campaigns.c.id.desc())
        )
        return [(row.id, row.version) for row in rows]


def newest_texts(db: sa.Engine, institution_id: str, *names: str) -> dict[str, dict[str, str]]:
    """Campaign → section → its value as JSON text, of the newest versions; sections that are not there are left out.

    For looking through all documents without reading them one by one.
    """
    newest = (campaigns.c.institution_id == versions.c.institution_id) & (campaigns.c.id == versions.c.id)
    query = sa.select(versions.c.id, versions.c.sections).join(
        campaigns, newest & (campaigns.c.version == versions.c.version)
    )
    found: dict[str, dict[str, str]] = {}
    with reading(db).connect() as connection:
        for row in connection.execute(query.where(versions.c.institution_id == institution_id)):
            shapes = json.loads(row.sections)
            found[row.id] = {name: shapes[name]["digest"] for name in names if name in shapes}
        digests = sorted({digest for mine in found.values() for digest in mine.values()})
        texts: dict[str, str] = {}
        for start in range(0, len(digests), 500):
            part = values.c.digest.in_(digests[start : start + 500])
            texts |= {
                row.digest: row.value
                for row in connection.execute(sa.select(values.c.digest, values.c.value).where(part))
            }
    return {id: {name: texts[digest] for name, digest in mine.items()} for id, mine in found.items()}


def history(db: sa.Engine, institution_id: str, campaign_id: str) -> list[Mapping[str, Any]]:
    """Every version: number, who, when and why, oldest first."""
    with reading(db).connect() as connection:
        rows = connection.execute(
            sa.select(versions.c.version, versions.c.actor, versions.c.cause, versions.c.at)
            .where(versions.c.institution_id == institution_id, versions.c.id == campaign_id)
            .order_by(versions.c.version)
        )
        return [dict(row._mapping) for row in rows]


def remember(db: sa.Engine, institution_id: str, section: Section) -> None:
    """Keep a derived section under its key, so that the same inputs never need work again."""
    with db.begin() as connection:
        _keep_value(connection, section)
        connection.execute(
            made.insert()
            .prefix_with("OR REPLACE", dialect="sqlite")
            .values(institution_id=institution_id, key=section.key, section=canonical_json(_shape(section)))
        )


def recall(db: sa.Engine, institution_id: str, key: str) -> Section | None:
    """The section that was made under a key, or None."""
    with reading(db).connect() as connection:
        shape = connection.execute(
            sa.select(made.c.section).where(made.c.institution_id == institution_id, made.c.key == key)
        ).scalar_one_or_none()
        return None if shape is None else _section(connection, json.loads(shape))


def keep_package(db: sa.Engine, package: Package, at: datetime) -> None:
    """Store a sealed package; storing it again changes nothing."""
    with db.begin() as connection:
        connection.execute(
            packages.insert()
            .prefix_with("OR IGNORE", dialect="sqlite")
            .values(
                institution_id=package.institution_id,
                hash=package.hash,
                campaign_id=package.campaign_id,
                body=canonical_json(package),
                at=at,
            )
        )


def package(db: sa.Engine, institution_id: str, package_hash: str) -> Package:
    """The package of a hash. Whoever acts on it must check ``package.hash_of`` against the hash."""
    with reading(db).connect() as connection:
        body = connection.execute(
            sa.select(packages.c.body).where(
                packages.c.institution_id == institution_id, packages.c.hash == package_hash
            )
        ).scalar_one_or_none()
    if body is None:
        raise UnknownItemError("package.unknown", package=package_hash)
    return _PACKAGE.validate_json(body)


def keep_outcome(db: sa.Engine, outcome: Outcome, at: datetime) -> None:
    """Store a finished campaign's read-out, replacing an earlier one of the same package."""
    with db.begin() as connection:
        connection.execute(
            outcomes.insert()
            .prefix_with("OR REPLACE", dialect="sqlite")
            .values(institution_id=outcome.institution_id, package=outcome.package, body=canonical_json(outcome), at=at)
        )


def all_outcomes(db: sa.Engine, institution_id: str) -> tuple[Outcome, ...]:
    """Every stored read-out, oldest first."""
    with reading(db).connect() as connection:
        bodies = connection.execute(
            sa.select(outcomes.c.body).where(outcomes.c.institution_id == institution_id).order_by(outcomes.c.at)
        ).scalars()
        return tuple(_OUTCOME.validate_json(body) for body in bodies)


def _version_is(institution_id: str, campaign_id: str, version: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        versions.c.institution_id == institution_id, versions.c.id == campaign_id, versions.c.version == version
    )


def _insert_version(connection: sa.Connection, campaign: Campaign, actor: str, cause: str) -> None:
    for section in campaign.sections.values():
        _keep_value(connection, section)
    connection.execute(
        versions.insert().values(
            institution_id=campaign.institution_id,
            id=campaign.id,
            version=campaign.version,
            schema_version=SCHEMA_VERSION,
            sections=canonical_json({name: _shape(section) for name, section in campaign.sections.items()}),
            actor=actor,
            cause=cause,
            at=campaign.updated,
        )
    )


def _keep_value(connection: sa.Connection, section: Section) -> None:
    connection.execute(
        values.insert()
        .prefix_with("OR IGNORE", dialect="sqlite")
        .values(digest=section.digest, schema_version=SCHEMA_VERSION, value=canonical_json(section.value))
    )


def _shape(section: Section) -> dict[str, Any]:
    shape: dict[str, Any] = plain(replace(section, value=None))
    del shape["value"]
    return shape


def _section(connection: sa.Connection, shape: dict[str, Any]) -> Section:
    row = connection.execute(
        sa.select(values.c.value, values.c.schema_version).where(values.c.digest == shape["digest"])
    ).one()
    return Section(
        name=shape["name"],
        value=_value(shape["name"], row.value, row.schema_version),
        digest=shape["digest"],
        key=shape["key"],
        skill=shape["skill"],
        skill_version=shape["skill_version"],
        inputs=shape["inputs"],
        millis=shape["millis"],
        cpu_millis=shape["cpu_millis"],
        cause=shape["cause"],
        findings=_FINDINGS.validate_python(shape["findings"]),
        pinned=tuple(shape["pinned"]),
    )


@lru_cache(maxsize=256)
def _value(name: str, text: str, schema_version: int) -> Any:
    """A section's value. Frozen, so documents that share it share the object too: lists of campaigns stay quick."""
    return section_type(name).validate_python(upgrade(name, json.loads(text), schema_version))


def given(name: str, value: Any) -> Section:
    """A section as a person wrote it."""
    return Section(name=name, value=value, digest=digest(value))
