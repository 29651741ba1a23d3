"""Work that can be stopped: the wish to stop a job, the job of a turn and of a plan, and whether a turn has ended."""

import sqlalchemy as sa

from linghang.kit.migrations.steps import add_columns, make

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add what is not there yet; every turn of before has ended."""
    make(
        "job_stop",
        sa.Column("institution_id", sa.String(40), nullable=False),
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("institution_id", "job", name="pk_job_stop"),
    )
    add_columns(
        "agent_turn",
        sa.Column("state", sa.String(12), nullable=False, server_default="ended"),
        sa.Column("job", sa.String(60), nullable=False, server_default=""),
    )
    add_columns("agent_plan", sa.Column("job", sa.String(60), nullable=False, server_default=""))
