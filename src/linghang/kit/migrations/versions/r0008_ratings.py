"""What designers rated: rounds, their items, ratings and comparisons."""

from linghang.kit.migrations.steps import make_tables

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make what is not there yet."""
    make_tables("rating_round", "rating_item", "rating", "rating_pair")
