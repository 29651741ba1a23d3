"""Questions about results: which figures, split how, of which days, against what, and what is wanted of them."""

from linghang.reading.questions.question import question

__all__ = ["question"]
