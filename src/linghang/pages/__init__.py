"""Where they land: the campaign's page, made of blocks, with its terms (活动规则) written from the data.

One static HTML file per page: no request to anywhere, every text escaped, readable at 390 px and on a desk, and
within WCAG AA for whatever colours a brand has. The terms are never typed: who, when, how much, how many, how long
and how to complain come from the goal, the benefits and the product, so that page and ledger cannot disagree.
"""

from linghang.pages.compose import compose
from linghang.pages.render import build
from linghang.pages.terms import Term, write_terms

__all__ = ["Term", "build", "compose", "write_terms"]
