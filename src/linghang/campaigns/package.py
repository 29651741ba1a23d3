"""The package: the part of a document that is signed, sealed under one hash."""

from dataclasses import replace

from linghang.base.digest import digest, plain
from linghang.base.errors import RefusedError
from linghang.base.findings import Finding, Severity
from linghang.campaigns.model import Campaign, Package

SIGNED = (
    "brief",
    "goal",
    "audience",
    "layers",
    "benefits",
    "copy",
    "creatives",
    "combinations",
    "page",
    "placements",
    "experiment",
    "estimate",
    "compliance",
)
"""The sections that a signature covers."""


def seal(campaign: Campaign, pack_digest: str) -> Package:
    """The package of a document. Raises RefusedError("package.incomplete") when a section is absent."""
    absent = [name for name in SIGNED if campaign.value(name) is None]
    if absent:
        sections = ", ".join(absent)
        finding = Finding("package.section_absent", Severity.S1, absent[0], params={"sections": sections})
        raise RefusedError("package.incomplete", (finding,), campaign=campaign.id, sections=sections)
    sections = {name: plain(campaign.value(name)) for name in SIGNED}
    draft = Package(
        hash="",
        institution_id=campaign.institution_id,
        campaign_id=campaign.id,
        version=campaign.version,
        pack=pack_digest,
        sections=sections,
        salt=campaign.value("experiment").salt,
        seed=int(digest([campaign.id, campaign.value("experiment").salt])[:8], 16),
    )
    return replace(draft, hash=hash_of(draft))


def hash_of(package: Package) -> str:
    """The hash that the package's content has now; it differs from ``package.hash`` if anything was altered.

    The version number is left out: two versions with the same content are the same package.
    """
    body = plain(package)
    del body["hash"], body["version"]
    return digest(body)
