"""Migrations of the application database, by Alembic. A home is brought up to date whenever it is opened."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from linghang.base.errors import UnavailableError


def upgrade(db: sa.Engine) -> None:
    """Bring a database to the newest revision.

    Raises UnavailableError("database.newer") for one that a newer Linghang has written: it is left untouched.
    """
    config = _config()
    known = ScriptDirectory.from_config(config)
    with db.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == known.get_current_head():
        return
    if present is not None and present not in {script.revision for script in known.walk_revisions()}:
        raise UnavailableError("database.newer", revision=present, newest=str(known.get_current_head()))
    with db.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def differences(db: sa.Engine, metadata: sa.MetaData) -> list[object]:
    """How a database differs from what the rooms declare; empty when the migrations are complete."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - only tests and authors of migrations ask

    with db.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
