"""What ratings taught chooses the pictures of a campaign: P(usable) first, then unlike what stands beside it."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from linghang.base.digest import digest
from linghang.creatives.pictures import DesignSpec
from linghang.creatives.ratings import rounds, store
from linghang.creatives.ratings.agreement import wilson
from linghang.creatives.ratings.learning import FEWEST, Model, fit
from linghang.creatives.ratings.model import Rating
from linghang.creatives.ratings.sampling import picture_candidate
from linghang.creatives.ratings.space import span, unlike
from linghang.kit.context import Context

DRAWN = 12
"""Designs drawn for each picture; none but the chosen one is painted."""
_NEARLY = 0.05
"""How much less sure than the surest a design may be and still be taken for being unlike its neighbours."""
_NEXT = 104_729


@dataclass(frozen=True)
class Taught:
    """The model that campaigns choose by: of rounds that are rated to the end, so that it changes by rounds."""

    model: Model
    rounds: tuple[str, ...]

    @property
    def able(self) -> bool:
        """Whether it knows enough to choose at all."""
        return self.model.ratings >= FEWEST


@dataclass(frozen=True)
class Chosen:
    """The design taken for one picture; ``chance`` is P(usable), ``usual`` what the first draw would have had."""

    spec: DesignSpec
    chance: float
    usual: float


def fingerprint(ctx: Context) -> str:
    """What the model is made of, in one digest: the ratings of all finished rounds of whole pictures."""
    finished, said = _finished(ctx)
    if len(said) < FEWEST:
        return "untaught"
    return digest([*finished, *sorted((one.candidate, one.rater, *sorted(one.flags)) for one in said)])


def taught(ctx: Context) -> Taught:
    """The model of all finished rounds."""
    finished, said = _finished(ctx)
    shown = {item.candidate.id: item.candidate for name in finished for item in _items(ctx, name)}
    return Taught(fit(shown, said, seed=ctx.seed), finished)


def _finished(ctx: Context) -> tuple[tuple[str, ...], list[Rating]]:
    done: list[str] = []
    looks: list[Rating] = []
    for one in reversed(store.all_rounds(ctx.db, ctx.institution_id)):
        if one.subject != "picture":
            continue
        said = store.ratings_of(ctx.db, ctx.institution_id, one.id)
        if {item.candidate.id for item in _items(ctx, one.id)} <= {look.candidate for look in said}:
            done.append(one.id)
            looks += said
    return tuple(done), looks


def _items(ctx: Context, name: str) -> tuple[store.Item, ...]:
    return store.items_of(ctx.db, ctx.institution_id, name)


def choose(specs: Sequence[DesignSpec], model: Model, *, drawn: int = DRAWN) -> tuple[Chosen, ...]:
    """For each spec the seed whose design is surest of being usable, and unlike those chosen before in its slot.

    All else of a spec stays; equal specs and ratings give equal choices.
    """
    if not specs:
        return ()
    pool = [
        [dataclasses.replace(spec, seed=(spec.seed + turn * _NEXT) % 2**31) for turn in range(drawn)] for spec in specs
    ]
    told = [[picture_candidate(one) for one in row] for row in pool]
    flat = [one for row in told for one in row]
    chances = model.usable(flat).reshape(len(specs), drawn)
    rows = span(flat).rows(flat).reshape(len(specs), drawn, -1)
    chosen: list[Chosen] = []
    beside: dict[str, list[int]] = {}
    places: list[int] = []
    for number, spec in enumerate(specs):
        sure = [turn for turn in range(drawn) if chances[number, turn] >= chances[number].max() - _NEARLY]
        others = beside.setdefault(spec.frame.id, [])
        if others:
            there = rows[others, [places[other] for other in others]]
            gaps = unlike(rows[number, sure], there).min(axis=1)
            turn = sure[int(gaps.argmax())]
        else:
            turn = max(sure, key=lambda one: (chances[number, one], -one))
        others.append(number)
        places.append(turn)
        chosen.append(Chosen(pool[number][turn], float(chances[number, turn]), float(chances[number, 0])))
    return tuple(chosen)


@dataclass(frozen=True)
class Told:
    """What the gallery says: how much was learned from, by whom, and the usable share of the last fresh audit."""

    rounds: int
    ratings: int
    raters: tuple[str, ...]
    able: bool
    needed: int
    share: float | None
    low: float | None
    high: float | None
    looks: int


def tell(ctx: Context) -> Told:
    """What was learned for pictures so far, with the only claim of usability: the newest finished round's audit."""
    finished, said = _finished(ctx)
    audit = [rounds.standing(ctx, store.round_of(ctx.db, ctx.institution_id, name)) for name in finished[-1:]]
    last = audit[0] if audit and audit[0].of else None
    interval = wilson(last.usable, last.of) if last else None
    return Told(
        rounds=len(finished),
        ratings=len(said),
        raters=tuple(sorted({one.rater for one in said})),
        able=len(said) >= FEWEST,
        needed=max(0, FEWEST - len(said)),
        share=last.usable / last.of if last else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        looks=last.of if last else 0,
    )
