"""Skills that bring in customers and what they did, and that deal with one person: consent, proof, erasing."""

import csv
import io
from typing import Any

from linghang import packs
from linghang.access.model import Verification
from linghang.access.sealing import read_bytes
from linghang.access.vault import Vault
from linghang.base.digest import plain
from linghang.base.errors import UnavailableError, UsageError
from linghang.base.messages import render
from linghang.customers import addresses, hostile, persons, register
from linghang.customers.asked import instant, not_one_of
from linghang.customers.importing import import_table
from linghang.customers.numbers import Numbers
from linghang.customers.outcomes import import_events
from linghang.customers.register import PURPOSES, Said, Word
from linghang.customers.rejected import erase_lines, erase_uploads
from linghang.customers.staging import Target
from linghang.kit.context import Context
from linghang.kit.skills import skill
from linghang.ports.channel import Keeping


@skill(
    "customers.import",
    effect="draft",
    permission="customers.import",
    cost="high",
    durable=True,
    example={"table": "customers.csv"},
)
def import_customers(ctx: Context, table: str, most_rejected_pct: float = 50.0) -> dict[str, Any]:
    """Import a table of customers (CSV or Parquet) as the new generation; killed, the same call continues.

    Every row is accepted or rejected with a reason. With more than ``most_rejected_pct`` rejected nothing is changed.
    """
    pack = packs.load(ctx.pack)
    done = import_table(Target.of(ctx, pack), ctx.named_file(table), most_rejected=most_rejected_pct / 100)
    hostile.note(ctx, done.findings, f"import {done.generation}")
    return _told(done, ctx.locale)


@skill(
    "events.import",
    effect="draft",
    permission="events.import",
    cost="high",
    durable=True,
    example={"table": "outcomes.csv"},
)
def import_outcomes(ctx: Context, table: str) -> dict[str, Any]:
    """Import what happened (CSV or Parquet: customer id, event, time, amount, campaign …); again, it adds nothing."""
    done = import_events(Target.of(ctx, packs.load(ctx.pack)), ctx.named_file(table))
    hostile.note(ctx, done.findings, "events")
    return _told(done, ctx.locale)


@skill(
    "customers.note",
    effect="draft",
    permission="customers.consent",
    data="rows",
    example={"customer": "C0000001", "word": "opt_out", "channel": "sms", "source": "sms_reply"},
)
def note(
    ctx: Context,
    customer: str,
    word: Word,
    channel: str = "",
    purpose: str = "",
    at: str = "",
    source: str = "",
    wording: str = "",
    evidence: str = "",
) -> dict[str, Any]:
    """Note what a customer said: consent, opt_out, complaint, blacklisted, unlisted; it holds from now on everywhere.

    Empty ``channel`` and ``purpose`` mean all. ``wording`` names the text agreed to; ``evidence`` is kept sealed.
    """
    pack = packs.load(ctx.pack)
    channels, purposes = [item.id for item in pack.channels], sorted(set(PURPOSES.values()))
    if channel and channel not in channels:
        raise not_one_of("channel", channel, channels)
    if purpose and purpose not in purposes:
        raise not_one_of("purpose", purpose, purposes)
    if word == "erased":
        raise UsageError("customers.erase_is_an_act")
    number = Numbers(ctx.analytics, ctx.institution_id).one(customer)
    said = Said(number, word, instant(at, ctx.zone, ctx.now), channel, purpose, source, wording, "", ctx.actor.name)
    made = persons.note(ctx.db, _vault(ctx), said, evidence, now=ctx.now)
    return {"customer": persons.masked(customer), "word": word, "channel": channel, "purpose": purpose, "number": made}


@skill("customers.proof", effect="read", permission="customers.read", data="rows")
def proof(ctx: Context, customer: str) -> dict[str, Any]:
    """What a customer agreed to and refused, when, how and to which wording; evidence only with customers.unmask."""
    number = Numbers(ctx.analytics, ctx.institution_id).one(customer)
    plainly = "customers.unmask" in ctx.actor.rights
    return {
        "customer": persons.masked(customer),
        "said": plain(persons.proof(ctx.db, _vault(ctx), number, plainly=plainly)),
    }


@skill("customers.show", effect="read", permission="customers.read", data="rows")
def show(ctx: Context, customer: str) -> dict[str, Any]:
    """A customer's attributes; sensitive ones masked without the right customers.unmask."""
    number = Numbers(ctx.analytics, ctx.institution_id).one(customer)
    plainly = "customers.unmask" in ctx.actor.rights
    pack = packs.load(ctx.pack)
    values = persons.shown(ctx.analytics, ctx.db, ctx.institution_id, pack, number, plainly=plainly)
    return {"customer": customer if plainly else persons.masked(customer), "values": plain(values)}


@skill("customers.erase", effect="commit", permission="customers.erase", data="rows", cost="medium")
def erase(ctx: Context, customer: str) -> dict[str, Any]:
    """Erase a person on request: rows, events, addresses, evidence, id, and what uploads, rejected rows and the outbox
    hold of them. Ledgers keep a number without a person."""
    vault = _vault(ctx)
    number = Numbers(ctx.analytics, ctx.institution_id).one(customer)
    known = {customer, *addresses.every(vault, number)}
    done = dict(persons.erase(ctx.analytics, ctx.db, vault, customer, actor=ctx.actor.name, now=ctx.now))
    done["rejected_rows"] = erase_lines(ctx.home, ctx.home / "rejected" / ctx.institution_id, customer)
    done["uploads"] = erase_uploads(ctx.home / "uploads", customer)
    done["outbox"] = sum(one.forget(known) for one in ctx.channels.values() if isinstance(one, Keeping))
    return {"customer": persons.masked(customer), "erased": done}


@skill("customers.register", effect="read", permission="audit.read", cost="medium")
def verify_register(ctx: Context, anchor: str = "") -> Verification:
    """Check the hash chain of the register of consents."""
    return register.verify(ctx.db, ctx.institution_id, anchor, ctx.home)


@skill("customers.addresses", effect="draft", permission="customers.import", data="rows", cost="medium")
def keep_addresses(ctx: Context, table: str, channel: str) -> dict[str, Any]:
    """Keep addresses for a channel from a CSV with the columns customer_id and address; they are stored sealed."""
    channels = [item.id for item in packs.load(ctx.pack).channels]
    if channel not in channels:
        raise not_one_of("channel", channel, channels)
    try:
        reader = csv.DictReader(io.StringIO(read_bytes(ctx.named_file(table)).decode("utf-8-sig"), newline=""))
        if not {"customer_id", "address"} <= set(reader.fieldnames or ()):
            raise UsageError("customers.address_columns", have=", ".join(reader.fieldnames or ()) or "—")
        told = {str(row["customer_id"]): str(row["address"]) for row in reader if row["address"]}
    except OSError as error:
        raise UnavailableError("customers.no_file", path=table, reason=error.strerror or str(error)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError("customers.address_text", path=table) from error
    numbers = Numbers(ctx.analytics, ctx.institution_id)
    known = numbers.known(list(told))
    kept = addresses.keep(
        _vault(ctx), channel, {number: told[customer] for customer, number in known.items()}, now=ctx.now
    )
    return {"channel": channel, "kept": kept, "strangers": len(told) - kept}


def _vault(ctx: Context) -> Vault:
    return Vault(ctx.home, ctx.db, ctx.institution_id)


def _told(done: Any, locale: str) -> dict[str, Any]:
    shape: dict[str, Any] = plain(done)
    shape["findings"] = [
        {**plain(finding), "message": render(finding.code, finding.params, locale)} for finding in done.findings
    ]
    return shape
