"""Skills of the brand kit, and of what ratings taught: looked at, checked, previewed, kept."""

import base64
import dataclasses
from collections.abc import Mapping
from typing import Any

from linghang import packs
from linghang.base.digest import plain
from linghang.base.errors import RefusedError, UsageError
from linghang.base.findings import Finding, Severity
from linghang.base.messages import render
from linghang.creatives import brand
from linghang.creatives.brand import BrandKit
from linghang.creatives.pictures import DesignSpec, draft, fonts
from linghang.creatives.pictures.cache import cache_folder
from linghang.creatives.ratings import choosing
from linghang.creatives.samples import sample_specs
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.packs.model import Pack

_SHOWN = (("splash", 560), ("home_banner", 760), ("home_popup", 560))
_USUAL_MOOD = "lively"


@skill("creative.learned", effect="read", permission="creative.read", makes="creative.learned")
def learned(ctx: Context) -> Mapping[str, Any]:
    """What designers' ratings taught about whole pictures, and the usable share of the newest fresh audit."""
    return plain(choosing.tell(ctx))


@skill("brand.show", effect="read", permission="creative.read", makes="brand.kit")
def show(ctx: Context) -> Mapping[str, Any]:
    """The brand kit in use, the pack's own, the faces that can be chosen, and who kept which kit when."""
    pack = packs.load(ctx.pack)
    kept = brand.history(ctx.db, ctx.institution_id)
    kit = brand.current(ctx.db, ctx.institution_id, pack)
    return {
        **_told(ctx, kit),
        "own": plain(brand.of_pack(pack)),
        "faces": [
            {"id": face.id, "family": face.family, "weight": face.weight, "present": face.present}
            for face in fonts.faces()
            if face.use == "title" and face.han and not face.id.endswith("-tc")
        ],
        "history": [{"actor": actor, "at": at, "primary": one.primary, "name": one.name} for one, actor, at in kept],
    }


@skill("brand.preview", effect="read", permission="creative.read", cost="medium", makes="brand.preview")
def preview(ctx: Context, kit: dict[str, str] | None = None) -> Mapping[str, Any]:
    """Three pictures in a kit that is not kept yet (the one in use by default), with what is wrong with it."""
    pack = packs.load(ctx.pack)
    wanted = _kit(ctx, pack, kit or {})
    drawn = brand.usable(wanted, pack)
    specs = [_dressed(sample_specs(pack, drawn.mood or _USUAL_MOOD, "wealth", slot)[0], drawn) for slot, _ in _SHOWN]
    work = [(spec, side) for spec, (_, side) in zip(specs, _SHOWN, strict=True)]
    if ctx.pool is None:
        images = [small(*one) for one in work]
    else:
        images = [future.result() for future in [ctx.pool.submit(small, *one) for one in work]]
    return {
        **_told(ctx, wanted),
        "pictures": [
            {
                "slot": slot,
                "image": base64.b64encode(image).decode(),
                "width": spec.frame.width,
                "height": spec.frame.height,
            }
            for (slot, _), spec, image in zip(_SHOWN, specs, images, strict=True)
        ],
    }


@skill("brand.keep", effect="draft", permission="creative.edit", makes="brand.kept")
def keep(ctx: Context, kit: dict[str, str]) -> Mapping[str, Any]:
    """Keep a brand kit: all pictures that are made from now on follow it. Refused while something in it is wrong."""
    pack = packs.load(ctx.pack)
    wanted = _kit(ctx, pack, kit)
    wrong = tuple(item for item in brand.check(wanted) if item.severity in (Severity.S1, Severity.S2))
    if wrong:
        raise RefusedError("brand.not_kept", wrong)
    if wanted != brand.current(ctx.db, ctx.institution_id, pack):
        brand.keep(ctx.db, ctx.institution_id, wanted, actor=ctx.actor.name, at=ctx.now)
    return _told(ctx, wanted)


def small(spec: DesignSpec, side: int) -> bytes:
    """A small picture of a spec, drawn at once: for the picture processes."""
    return draft(spec, cache=cache_folder(), side=side).data


def _dressed(spec: DesignSpec, kit: BrandKit) -> DesignSpec:
    choices = {**spec.choices, "palette": "brand"} | ({"face": kit.face} if kit.face else {})
    words = dataclasses.replace(spec.words, brand=kit.name)
    return dataclasses.replace(spec, kit=kit.kit, words=words, choices=choices, seed=7)


def _kit(ctx: Context, pack: Pack, told: Mapping[str, str]) -> BrandKit:
    """The kit in use with what was told. Raises UsageError for a field that a kit does not have."""
    fields = [field.name for field in dataclasses.fields(BrandKit)]
    strange = sorted(set(told) - set(fields))
    if strange:
        raise UsageError("brand.no_field", field=", ".join(strange), have=", ".join(fields))
    return dataclasses.replace(brand.current(ctx.db, ctx.institution_id, pack), **told)


def _told(ctx: Context, kit: BrandKit) -> dict[str, Any]:
    return {"kit": plain(kit), "findings": [_finding(ctx, item) for item in brand.check(kit)]}


def _finding(ctx: Context, item: Finding) -> dict[str, Any]:
    return {**plain(item), "message": render(item.code, item.params, ctx.locale)}
