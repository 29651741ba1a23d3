"""What customers said since the import holds at once, with proof, in a chain; and a person can be erased."""

import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linghang import customers
from linghang.access import seed
from linghang.access.vault import Vault
from linghang.base.errors import RefusedError, UnknownItemError, UsageError
from linghang.customers import Said, persons, register
from linghang.customers.addresses import addresses_of, keep

from .conftest import NOW

DAY = dt.timedelta(days=1)
_names = itertools.count()


def _note(db: sa.Engine, *many: Said, institution: str = "i") -> None:
    customers.note(db, institution, many, now=NOW)


def test_the_latest_word_decides_for_its_channel_and_purpose(db: sa.Engine) -> None:
    _note(
        db,
        Said(1, "opt_out", NOW - 3 * DAY),
        Said(1, "consent", NOW - 2 * DAY, channel="sms", purpose="wealth"),
        Said(2, "opt_out", NOW - DAY, purpose="credit"),
    )
    known = customers.register_of(db, "i")
    assert known.opted_out("sms", "wealth").tolist() == [], "a younger consent for this very use"
    assert known.opted_out("push", "wealth").tolist() == [1]
    assert known.opted_out("push", "credit").tolist() == [1, 2]
    assert known.consented("sms", "wealth", NOW - 5 * DAY).tolist() == [1]
    assert known.consented("sms", "wealth", NOW - DAY).tolist() == [], "the tables are younger than this consent"


def test_lists_and_complaints_mute_and_complaints_pass(db: sa.Engine) -> None:
    _note(
        db,
        Said(1, "complaint", NOW - 100 * DAY),
        Said(2, "complaint", NOW - 10 * DAY),
        Said(3, "blacklisted", NOW - 9 * DAY),
        Said(4, "blacklisted", NOW - 9 * DAY),
        Said(4, "unlisted", NOW - 8 * DAY),
    )
    told = {code: who.tolist() for code, who in customers.register_of(db, "i").muted(NOW, 90).items()}
    assert told == {"customers.blacklisted": [3], "customers.complained": [2]}


def test_what_was_said_tomorrow_is_refused(db: sa.Engine) -> None:
    with pytest.raises(UsageError) as refused:
        _note(db, Said(1, "opt_out", NOW + DAY))
    assert refused.value.code == "customers.said_later"


def test_an_unsubscription_through_the_event_door_is_heard_once(db: sa.Engine) -> None:
    table = pa.table(
        {
            "customer": pa.array([7, 8, 9], pa.uint32()),
            "name": ["unsubscribe", "complaint", "click"],
            "at": pa.array([NOW, NOW, NOW], pa.timestamp("us", "UTC")),
            "channel": ["sms", "call", "push"],
        }
    )
    assert register.heed(db, "i", table, now=NOW) == 2
    assert register.heed(db, "i", table, now=NOW) == 0
    known = customers.register_of(db, "i")
    assert known.opted_out("sms", "").tolist() == [7]
    assert known.opted_out("push", "").tolist() == []
    assert known.muted(NOW, 90)["customers.complained"].tolist() == [8]


def test_an_entry_changed_by_sql_breaks_the_chain(db: sa.Engine) -> None:
    _note(db, Said(1, "opt_out", NOW), Said(2, "opt_out", NOW))
    assert register.verify(db, "i").intact
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), db.begin() as connection:
        connection.execute(register.entries.update().values(word="consent"))
    with db.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER tr_consent_entry_no_update")
        connection.execute(register.entries.update().where(register.entries.c.number == 1).values(word="consent"))
    found = register.verify(db, "i")
    assert (found.intact, found.broken_at, found.reason) == (False, 1, "access.chain_altered")


_said = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["consent", "opt_out"]),
        st.sampled_from(["", "sms", "push"]),
        st.sampled_from(["", "credit", "wealth"]),
        st.integers(0, 50),
    ),
    max_size=25,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=_said)
def test_nobody_is_both_in_and_out_and_the_last_word_wins(db: sa.Engine, told: list[tuple]) -> None:
    name = f"p{next(_names)}"
    every = [Said(who, word, NOW - age * DAY, channel, purpose) for who, word, channel, purpose, age in told]
    customers.note(db, name, every, now=NOW)
    known = customers.register_of(db, name)
    for channel, purpose in itertools.product(("sms", "push", "call"), ("credit", "wealth", "payments")):
        out = set(known.opted_out(channel, purpose).tolist())
        agreed = set(known.consented(channel, purpose, NOW - 99 * DAY).tolist())
        assert not out & agreed
        for who in range(4):
            fitting = [
                item
                for item in every
                if item.customer == who and item.channel in ("", channel) and item.purpose in ("", purpose)
            ]
            last = max(fitting, key=lambda item: (item.at, every.index(item)), default=None)
            latest = [item.word for item in fitting if last and item.at == last.at]
            assert (who in out) == (latest[-1:] == ["opt_out"])


def test_evidence_and_addresses_are_sealed_and_opened_for_their_person_only(db: sa.Engine, tmp_path: Path) -> None:
    vault = Vault(tmp_path, db, "i")
    persons.note(db, vault, Said(1, "consent", NOW, "sms", wording="v3"), "电话录音 138-0000-1234", now=NOW)
    keep(vault, "email", {1: "zhang.san@example.com", 2: "li.si@example.com"}, now=NOW)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    for secret in ("138-0000-1234", "zhang.san@", "电话录音"):
        assert secret.encode() not in raw, "nothing of it is in the database's files"
    assert addresses_of(vault, [1, 2, 3], "email") == {1: "zhang.san@example.com", 2: "li.si@example.com"}
    assert persons.proof(db, vault, 1, plainly=False)[0]["evidence"] == "***"
    shown = persons.proof(db, vault, 1, plainly=True)[0]
    assert (shown["evidence"], shown["wording"], shown["word"]) == ("电话录音 138-0000-1234", "v3", "consent")
    sealed = vault.seal(1, "x", about="consent")
    with pytest.raises(RefusedError, match="vault_altered"):
        vault.open(2, sealed, about="consent")
    with pytest.raises(RefusedError, match="vault_altered"):
        vault.open(1, sealed[:-2] + ("00" if sealed[-2:] != "00" else "11"), about="consent")


def test_a_key_that_others_can_read_is_not_used(db: sa.Engine, tmp_path: Path) -> None:
    vault = Vault(tmp_path, db, "i")
    vault.seal(1, "x", about="a")
    next((tmp_path / "keys" / "data").glob("*.key")).chmod(0o644)
    with pytest.raises(RefusedError, match="key_exposed"):
        vault.seal(1, "x", about="a")


def test_an_erased_person_is_gone_and_ledgers_stay_whole(
    institution: Callable[..., customers.Target], tmp_path: Path
) -> None:
    target = institution()
    seed(target.db, target.institution_id, NOW)
    table = pa.table(
        {
            "customer_id": ["a", "b"],
            "age": [30, 40],
            "income_yuan": ["1", "2"],
            "joined": ["", ""],
            "level": ["C1", "C2"],
        }
    )
    path = tmp_path / "t.csv"
    path.write_text("customer_id,age,income_yuan,joined,level\na,30,1,2020-01-01,C1\nb,40,2,2020-01-01,C2\n")
    assert table.num_rows == customers.import_table(target, path).accepted
    numbers = customers.Numbers(target.engine, target.institution_id)
    number = numbers.one("a")
    vault = Vault(tmp_path, target.db, target.institution_id)
    persons.note(target.db, vault, Said(number, "consent", NOW, "sms"), "录音", now=NOW)
    keep(vault, "email", {number: "a@example.com"}, now=NOW)
    policy = customers.policy_of(target.pack)
    wish = customers.Wish("k", number, "push", NOW)
    customers.reserve(target.db, target.institution_id, [wish], policy)
    done = persons.erase(target.engine, target.db, vault, "a", actor="admin", now=NOW)
    assert (done["rows"], done["number"], done["addresses"], done["key"]) == (1, 1, 1, 1)
    with pytest.raises(UnknownItemError):
        numbers.one("a")
    with pytest.raises(UnknownItemError):
        persons.erase(target.engine, target.db, vault, "a", actor="admin", now=NOW)
    assert numbers.one("b") != number
    assert persons.proof(target.db, vault, number, plainly=True)[0]["evidence"] == "", "its key is destroyed"
    assert register.verify(target.db, target.institution_id).intact, "the chain does not miss it"
    kept = customers.touches_of(target.db, target.institution_id, [number], NOW - DAY, NOW)[number]
    assert len(kept) == 1, "what was counted stays counted"
    muted = customers.register_of(target.db, target.institution_id).muted(NOW, 90)
    assert muted["customers.erased"].tolist() == [number]
