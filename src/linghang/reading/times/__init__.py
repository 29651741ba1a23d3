"""Phrases of time: words, their composition, and the days that they come to on a given today."""

from linghang.reading.times.model import Phrase
from linghang.reading.times.moments import Moment, Period, month_days, resolve, shift
from linghang.reading.times.phrases import phrases

__all__ = ["Moment", "Period", "Phrase", "month_days", "phrases", "resolve", "shift"]
