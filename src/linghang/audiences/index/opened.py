"""An opened index: rules become plans over its arrays."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from linghang.audiences.index import deeds, files
from linghang.audiences.index.behaviour import happened
from linghang.audiences.index.bits import Numbers, Words, of_numbers
from linghang.audiences.index.files import Place, Store
from linghang.audiences.index.nodes import Bits, Codes, Constant, Hashed, Node, Range, Sparse, all_of, any_of, inverse
from linghang.audiences.index.patching import Answer, Made, followed
from linghang.audiences.index.ranking import ranked
from linghang.audiences.index.running import bitset
from linghang.audiences.index.tail import Segment, Tail
from linghang.audiences.index.tail import built as segment_of
from linghang.base.errors import RefusedError, UnavailableError
from linghang.base.findings import Finding, Severity
from linghang.base.predicates import (
    Behaviour,
    Combination,
    Members,
    Predicate,
    Ranked,
    Rule,
    Sampled,
    Succession,
)
from linghang.customers.behaviours import Measured, resolve_behaviour, resolve_succession
from linghang.customers.catalogue import (
    EVERYONE,
    Among,
    Catalogue,
    Containing,
    Field,
    Interval,
    Known,
    Spans,
    Test,
    has_zero,
    resolve,
)
from linghang.customers.rankings import resolve_ranked, resolve_sampled
from linghang.experiments.assignment import keys_of

_REMEMBERED = 64
_ONCE = Spans((Interval(low=1),))
Kept = TypeVar("Kept")


class Index:
    """A version of the index of an institution, read-only. Safe to use from several threads."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        told = files.read_manifest(folder)
        self.folder = folder
        self.catalogue = catalogue
        self.size = int(told["size"])
        self.words = (self.size + 63) // 64
        self.tables = str(told["label"])
        """The generations of customers and holdings, in one word."""
        self.batch = int(told["batch"])
        """The last batch of the log that was built in; later ones are in the tail."""
        self.mark = str(told["mark"])
        self.as_of = dt.date.fromisoformat(told["as_of"])
        self.built = dt.datetime.fromisoformat(told["built"])
        self.population = self.built_population = int(told["population"])
        self._base: Words | None = None
        self.institution_id = str(told["institution_id"])
        self.table = str(told["table"])
        self.columns: Mapping[str, Mapping[str, Any]] = told["columns"]
        self.events: Mapping[str, Mapping[str, Any]] = told["events"]
        self.products: list[str] = told["products"]
        self.store = Store(folder, {key: Place(**place) for key, place in told["arrays"].items()}, self.words)
        self.tail: Tail | None = None
        self.expand: Callable[[Rule], Rule] = lambda rule: rule
        """Puts rules in the place of saved audiences and policies (``expansion``)."""
        self._notes, self._answers = _Notes(), _Notes()

    @classmethod
    def open(cls, root: Path, catalogue: Catalogue) -> "Index":
        """The current version in ``root``.

        Raises UnavailableError("audiences.no_index") where none was built, or ("audiences.index_broken").
        """
        folder = files.current(root)
        if folder is None:
            raise UnavailableError("audiences.no_index", path=str(root))
        return cls(folder, catalogue)

    @property
    def label(self) -> str:
        """The states of the data that counts see: customers, holdings, and the last batch of events."""
        batch = max(self.batch, self.tail.wanted) if self.tail else self.batch
        return f"{self.tables}.e{batch}"

    @property
    def base(self) -> Words:
        """Who is a customer: the numbers that the generation has, without those who were erased since."""
        return self._base if self._base is not None else self.store.array("base/present")

    def without(self, erased: Numbers) -> None:
        """Leave out customers who were erased after the version was built. For whoever holds this copy of it."""
        present = self.store.array("base/present")
        gone = of_numbers(erased[erased < self.size], self.words) & present
        self.population = self.built_population - int(np.bitwise_count(gone).sum())
        self._base = present & ~gone if self.population < self.built_population else None

    def bits(self, key: str) -> Node:
        """A bitset of the index, as words or, of few, as a roaring bitmap."""
        few = self.store.sparse(key)
        return Bits(self.store.array(key)) if few is None else Sparse(few)

    def plan(self, rule: Rule | None, today: dt.date | None = None) -> Node:
        """The plan of a rule within the base (None: everyone); windows end with ``today`` (default: the data's day).

        Raises RefusedError("audiences.bad_rule") with a finding for every predicate that has no meaning.
        """
        wrong: list[Finding] = []
        node = Constant(True) if rule is None else self._plan(self.expand(rule), today or self.as_of, wrong)
        if wrong:
            raise RefusedError("audiences.bad_rule", tuple(wrong), count=len(wrong))
        return all_of((Bits(self.base), node))

    def _plan(self, rule: Rule, today: dt.date, wrong: list[Finding]) -> Node:
        if not isinstance(rule, Combination):
            node = self._condition(rule, today, wrong)
            if isinstance(node, Finding):
                wrong.append(node)
                return Constant(False)
            return node
        parts = [self._plan(part, today, wrong) for part in rule.parts]
        if rule.how == "all":
            return all_of(parts)
        if rule.how == "any":
            return any_of(parts)
        return inverse(all_of(parts))

    def _condition(self, rule: Rule, today: dt.date, wrong: list[Finding]) -> Node | Finding:
        if isinstance(rule, Predicate):
            test = resolve(rule, self.catalogue)
            if isinstance(test, Test) and test.field.source == "policy":
                return Finding("audiences.needs_everyone", Severity.S2, rule.field)
            return test if isinstance(test, Finding) else self.leaf(test, today)
        if isinstance(rule, Behaviour | Succession):
            return self._deed(rule, today)
        if isinstance(rule, Ranked):
            ranking = resolve_ranked(rule, self.catalogue)
            if isinstance(ranking, Finding):
                return ranking
            among = Constant(True) if rule.among is None else self._plan(rule.among, today, wrong)
            members = bitset(all_of((Bits(self.base), among)), self.words)
            return Bits(ranked(self.store, self.columns.get(rule.by), ranking, members))
        if isinstance(rule, Sampled):
            share = resolve_sampled(rule)
            return share if isinstance(share, Finding) else Hashed(keys_of(rule.salt), *share)
        if isinstance(rule, Members):
            numbers = np.asarray(rule.numbers, np.uint32)
            return Bits(of_numbers(numbers[numbers < self.size], self.words))
        return Finding(
            "audiences.unknown_audience", Severity.S2, "audience", params={"audience": str(rule), "near": ""}
        )

    def _deed(self, rule: Behaviour | Succession, today: dt.date) -> Node | Finding:
        test = (
            resolve_behaviour(rule, self.catalogue)
            if isinstance(rule, Behaviour)
            else resolve_succession(rule, self.catalogue)
        )
        if isinstance(test, Finding):
            return test
        if isinstance(test, Measured):
            return self._followed(
                ("deed", test, today),
                (test.deed.event,),
                lambda parts: deeds.measures(parts[0], test, today, self.words),
            )
        return self._followed(
            ("deed", test, today),
            (test.first.event, test.then.event),
            lambda parts: deeds.follows(parts[0], parts[1], test, today, self.words),
        )

    def leaf(self, test: Test, today: dt.date) -> Node:
        """Who satisfies one test: an absent value neither it nor its negation, where absence is unknown."""
        if test.field.source == "event":
            return _turned(self._happened(test, today), test.negated)
        if test.field.source == "holding":
            return _turned(self._held(test), test.negated)
        told = self.columns.get(test.field.name)
        if told is None:
            return _nothing_known(test)
        name, field = test.field.name, test.field
        if field.storage == "group":
            return _turned(self._group(test, told), test.negated)
        known: Node = Constant(True) if told["complete"] else self.bits(f"{name}/known")
        holds = all_of((known, self._column(test, told)))
        if not test.negated:
            return holds
        return all_of((known, inverse(holds))) if field.unknown else inverse(holds)

    def known(self, field: Field) -> Node:
        """Of whom a field is known."""
        if field.source in ("event", "holding") or not field.unknown:
            return Constant(True)
        told = self.columns.get(field.name)
        if told is None:
            return Constant(False)
        return Constant(True) if told["complete"] else self.bits(f"{field.name}/known")

    def _column(self, test: Test, told: Mapping[str, Any]) -> Node:
        name, condition = test.field.name, test.condition
        if isinstance(condition, Known):
            return Constant(True)
        if isinstance(condition, Spans):
            return self._between(name, condition, told)
        if test.field.storage == "bool":
            true = self.bits(f"{name}/true")
            wanted = condition.values if isinstance(condition, Among) else frozenset[str]()
            return any_of([true if value == "true" else inverse(true) for value in sorted(wanted)])
        chosen = [_chosen(condition, value) for value in told["values"]]
        if f"{name}/is:0" in self.store:
            return any_of([self.bits(f"{name}/is:{n}") for n, yes in enumerate(chosen) if yes])
        return Codes(self.store.array(f"{name}/raw"), np.array([False, *chosen]))

    def _between(self, name: str, condition: Spans, told: Mapping[str, Any]) -> Node:
        """A comparison by the bitsets of usual bounds where both bounds are such, else by the column."""
        cuts: dict[int, int] = {cut: place for place, cut in enumerate(told.get("cuts", ()))}
        if len(condition.parts) == 1 and cuts:
            low, high = condition.parts[0].low, condition.parts[0].high
            if (low is None or low - 1 in cuts) and (high is None or high in cuts):
                parts: list[Node] = []
                if high is not None:
                    parts.append(self.bits(f"{name}/le:{cuts[int(high)]}"))
                if low is not None:
                    parts.append(inverse(self.bits(f"{name}/le:{cuts[int(low) - 1]}")))
                return all_of(parts)
        return _range(self.store.array(f"{name}/raw"), condition, int(told["offset"]))

    def _group(self, test: Test, told: Mapping[str, Any]) -> Node:
        condition = test.condition
        if isinstance(condition, Among) and EVERYONE in condition.values:
            return Constant(True)
        wanted = [
            place
            for place, value in enumerate(told["values"])
            if isinstance(condition, Known) or _chosen(condition, value)
        ]
        return any_of([self.bits(f"{test.field.name}/is:{place}") for place in wanted])

    def _held(self, test: Test) -> Node:
        field, condition = test.field, test.condition
        if "holding/now" not in self.store:
            return Constant(has_zero(condition) and field.zero)
        if field.measure == "occurrence":
            state = "ever" if field.name.endswith("_ever") else "now"
            if test.objects is None:
                return self.bits(f"holding/{state}")
            places = [place for place, name in enumerate(self.products) if name in test.objects]
            return any_of([self.bits(f"holding/{state}:{place}") for place in places])
        key = {"amount": "amount", "days": "days"}.get(field.measure, "count")
        there = self.bits("holding/dated" if field.measure == "days" else "holding/now")
        if isinstance(condition, Known):
            return there
        if not isinstance(condition, Spans):
            raise TypeError(f"{field.name} is compared by numbers, not by {type(condition).__name__}")
        inside = _range(self.store.array(f"holding/{key}"), condition, 0)
        return inside if field.zero else all_of((there, inside))

    def remembered(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What was made for a key of this version; made now if it was not, and kept."""
        known = self._notes.get(key)
        if known is None:
            known = make()
            self._notes.put(key, known)
        return known

    def forget(self) -> None:
        """Drop what was remembered of this version (for measurements)."""
        self._notes.clear()
        self._answers.clear()

    def _happened(self, test: Test, today: dt.date) -> Node:
        plain = Test(test.field, test.condition, test.objects, test.window_days)
        return self._followed(
            ("happened", plain, today),
            (test.field.event,),
            lambda parts: happened(parts[0], plain, today, self.words),
            self._ready(plain, today),
        )

    def _ready(self, test: Test, today: dt.date) -> Words | None:
        """The bitset of a usual window, where it was built for this day."""
        name = f"event:{test.field.event}/within:{test.window_days}"
        if today != self.as_of or name not in self.store or test.objects is not None:
            return None
        if test.field.measure != "occurrence" or test.condition != _ONCE:
            return None
        return self.store.array(name)

    def _followed(self, key: Hashable, events: Sequence[str], make: Made, ready: Words | None = None) -> Node:
        built = {name: self._built(name) for name in dict.fromkeys(events) if name in self.events}
        first = None if ready is None else Answer(self.batch, ready)
        return Bits(followed(key, events, built, first, self.tail, make, self._answers, start=self.batch), 2.0)

    def _built(self, event: str) -> Segment:
        keys = ("customer", "day", "second", "names", "amount")
        arrays = {key: self.store.array(f"event:{event}/{key}") for key in keys}
        return segment_of(arrays, self.events[event]["names"])


class _Notes:
    """What was worked out of a version, the latest so many."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, /) -> Any:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: Hashable, answer: Any, /) -> None:
        with self._lock:
            self._kept[key] = answer
            self._kept.move_to_end(key)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


def _turned(node: Node, negated: bool) -> Node:
    return inverse(node) if negated else node


def _nothing_known(test: Test) -> Node:
    """A field without any data: nobody, and of the negation everyone where absence means no."""
    if test.field.storage == "group":
        condition = test.condition
        everyone = isinstance(condition, Among) and EVERYONE in condition.values
        return Constant(everyone != test.negated)
    if test.field.unknown:
        return Constant(False)
    holds = test.field.zero and has_zero(test.condition)
    return Constant(holds != test.negated)


def _chosen(condition: object, value: str) -> bool:
    if isinstance(condition, Containing):
        return any(part in value for part in condition.parts)
    return isinstance(condition, Among) and value in condition.values


def _range(column: "np.ndarray[Any, Any]", condition: Spans, offset: int) -> Node:
    # Comparing with a bound beyond the narrow type would wrap or widen the whole column: it is cut to the type.
    spans: list[tuple[float | int | None, float | int | None, bool, bool]] = []
    if column.dtype.kind == "f":
        spans = [(part.low, part.high, part.low_open, part.high_open) for part in condition.parts]
        return Range(column, tuple(spans))
    info = np.iinfo(column.dtype)
    for part in condition.parts:
        low = info.min if part.low is None else max(int(part.low) - offset, info.min)
        high = info.max if part.high is None else min(int(part.high) - offset, info.max)
        if low <= high:
            spans.append((
                None if low == info.min else low, None if high == info.max else high, False, False
            ))  # fmt: skip
    return Range(column, tuple(spans)) if spans else Constant(False)
