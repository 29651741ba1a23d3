"""How an institution comes to its customers: a table that somebody brings, or a bank in a box."""

from collections.abc import Iterator, Mapping

from linghang import audiences, customers, events, packs
from linghang.base.errors import UnavailableError
from linghang.base.messages import render
from linghang.campaigns.sections import Json
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.ports.population import Chunk, Population


@skill("institution.fill", effect="draft", permission="customers.import", cost="high", durable=True)
def fill(ctx: Context, table: str = "", count: int = 0) -> Mapping[str, Json]:
    """Import a table of customers, or let ``count`` customers with a year behind them be simulated; then index them.

    Called again after a crash it continues; called again after the end it does nothing.
    """
    pack = packs.load(ctx.pack)
    target = customers.Target.of(ctx, pack)
    done = customers.import_table(target, ctx.named_file(table)) if table else _simulate(ctx, target, count)
    index = audiences.current_index(ctx, pack)
    ctx.emit("indexed", index.population, index.population, "flow.indexed", customers=index.population)
    return {
        "institution": ctx.institution_id,
        "customers": index.population,
        "events": events.mark(ctx.db, ctx.institution_id).events,
        "rows": done.rows,
        "accepted": done.accepted,
        "rejected": done.rejected,
        "rejections": [vars(item) for item in done.rejections],
        "findings": [
            {"code": item.code, "severity": str(item.severity), "message": render(item.code, item.params, ctx.locale)}
            for item in done.findings
        ],
        "unchanged": done.unchanged,
        "resumed": done.resumed,
    }


def _simulate(ctx: Context, target: customers.Target, count: int) -> customers.Imported:
    if ctx.population is None:
        raise UnavailableError("population.absent")
    population = ctx.population
    name = f"simulated:{ctx.seed}:{count}:{ctx.today.isoformat()}"
    # The chunks are made anew for each table: that costs less than keeping a million customers in memory.
    done = customers.import_batches(
        target,
        (chunk.customers for chunk in _chunks(ctx, population, count, "customers", 0.0)),
        name=name,
        columns=population.columns(ctx.pack),
        rows=count,
    )
    customers.import_holdings(
        target, (chunk.holdings for chunk in _chunks(ctx, population, count, "holdings", 0.0)), name=name
    )
    for number, chunk in enumerate(_chunks(ctx, population, count, "events", 1.0)):
        if chunk.events.num_rows:
            customers.post_events(target, chunk.events, name=f"{name}:{number}", fresh=True, source="simulated")
    return done


def _chunks(ctx: Context, population: Population, count: int, what: str, volume: float) -> Iterator[Chunk]:
    made = population.chunks(ctx.pack, customers=count, seed=ctx.seed, today=ctx.today, volume=volume)
    for chunk in made:
        ctx.emit(f"simulating:{what}", min(chunk.first, count), count, "flow.simulating", what=what)
        yield chunk
