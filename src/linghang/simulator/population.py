"""The bank in a box behind its port: 200,000 customers or a million, in the memory of one block."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from linghang.base.errors import UsageError
from linghang.packs import load
from linghang.ports.population import Chunk, Decide, Floats, Launched, Messages, Played, Post
from linghang.simulator.behaviour import happenings
from linghang.simulator.blocks import make_block, simulated
from linghang.simulator.fitted import Fitted, fit
from linghang.simulator.parameters import parameters
from linghang.simulator.player import shadow_player, simulated_player
from linghang.simulator.tables import customers_of, events_of, holdings_of, ids_of

MOST = 100_000_000
"""Eight digits of an id."""


class Population:
    """The customers of a seed. A customer is the same however many are asked for, and on every machine."""

    def chunks(self, pack: str, *, customers: int, seed: int, today: dt.date, volume: float = 1.0) -> Iterator[Chunk]:
        """Customers as of ``today`` with their holdings and the events of the year before it.

        ``volume`` multiplies behaviour (1 is about fourteen events a customer-year); 0 leaves only what holdings,
        opt-outs and the like imply. Money is in fen, instants in UTC. Raises UsageError("simulator.bad_size") or
        UsageError("simulator.not_simulated") for a pack of a real institution.
        """
        if not 1 <= customers <= MOST or not 0 <= volume <= 1000:
            raise UsageError("simulator.bad_size", customers=customers, most=MOST, volume=volume)
        told = simulated(pack)
        size = int(parameters()["chunk"])
        for number in range(-(-customers // size)):
            block, rows = make_block(told, seed, number)
            ids = ids_of(number * size, min(size, customers - number * size))
            found = happenings(block, told, rows, today, volume)
            yield Chunk(
                number * size,
                customers_of(block, told, ids),
                holdings_of(rows, told, ids, today),
                events_of(found, told, ids, today, prefix=f"sim:{seed}:{number}:"),
            )

    def columns(self, pack: str) -> tuple[str, ...]:
        """The columns of the customer table, before any customer is asked for."""
        told = simulated(pack)
        block, _ = make_block(told, 0, 0)
        return tuple(customers_of(block, told, ids_of(0, 1)).schema.names)

    def learn(
        self, pack: str, columns: Mapping[str, Sequence[Any]], outcome: Sequence[bool], *, seed: int = 0
    ) -> Fitted:
        """A response model of a real table, on those attributes that the pack lets be features."""
        return fit(load(pack), columns, outcome, seed=seed)

    def play(
        self,
        pack: str,
        launched: Sequence[Launched],
        customers: Sequence[str],
        *,
        seed: int,
        post: Post,
        decide: Decide | None = None,
        messages: Messages | None = None,
        contacted: Floats | None = None,
        until: dt.datetime | None = None,
        passed: Callable[[dt.datetime], None] | None = None,
    ) -> tuple[Played, ...]:
        """Let customers live through the campaigns (see ``ports.population``).

        Raises UsageError for unknown customers, and for a real pack without ``contacted``.
        """
        if not launched:
            return ()
        if contacted is None:
            player = simulated_player(simulated(pack), launched, customers, seed)
        else:
            player = shadow_player(load(pack), launched, customers, contacted, seed)
        return player.play(post, decide, messages, until, passed)
