"""Runs Alembic for the proof; Alembic, SQLAlchemy and psycopg are imported once."""

import warnings

import alembic
import alembic.autogenerate  # noqa: F401  (imported here to be warm in every fork)
import alembic.command  # noqa: F401
import sqlalchemy.dialects.mysql  # noqa: F401
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401
import sqlalchemy.dialects.sqlite  # noqa: F401

from stepwise_proof import database
from stepwise_proof.revisions import history, offline, sqlite
from stepwise_proof.serving import serve


def version(request, command):
    return alembic.__version__


COMMANDS = {
    **database.COMMANDS,
    "migrate": history.migrate,
    "migrate-before": history.migrate_before,
    "deploy": history.deploy,
    "applied": history.list_applied,
    "migrate-back": history.migrate_back,
    # Revisions need no models: they are written by hand as often as not.
    "models": lambda request, command: {},
    "pending": history.pending_changes,
    "import": history.load,
    "load": history.load,
    "run-on-sqlite": sqlite.run_on_sqlite,
    "sql-of-migrations": offline.sql_of_revisions,
    "version": version,
}


def nothing(*_):
    """Engines are made by env.py, and closed by it."""


if __name__ == "__main__":
    # What Alembic warns of is told by what happens then.
    warnings.simplefilter("ignore")
    serve(COMMANDS, nothing, nothing)
