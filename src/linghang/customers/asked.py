"""What callers say, understood or refused: instants, and names that must be among those that exist."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from linghang.base.errors import UsageError


def instant(text: str, zone: str, now: dt.datetime) -> dt.datetime:
    """The instant that an ISO text says, in UTC; without an offset in ``zone``; empty: now.

    Raises UsageError("customers.bad_instant").
    """
    if not text:
        return now
    try:
        told = dt.datetime.fromisoformat(text)
        return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError("customers.bad_instant", text=text) from error


def not_one_of(what: str, name: str, have: Sequence[str]) -> UsageError:
    """The error for a name that is none of those that exist."""
    return UsageError("customers.not_one_of", what=what, name=name, have=", ".join(have))
