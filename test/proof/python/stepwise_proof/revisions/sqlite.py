"""Runs revisions on SQLite, in a new file: to just before one of them, with rows, forward, back and forward again."""

import json
import re
import sqlite3
import tempfile
from pathlib import Path

from alembic import command as alembic_command

from stepwise_proof.catalog import BOOKKEEPING
from stepwise_proof.revisions.environment import config_of, ordered, parents_of, script_of

ROWS = 3

INDEXES = """
    SELECT l."unique", l.name, group_concat(i.name, ', ') FROM pragma_index_list(?) l, pragma_index_info(l.name) i
    GROUP BY l.name ORDER BY l.name
"""

KEYS = """
    SELECT group_concat("from", ', '), "table", group_concat("to", ', ') FROM pragma_foreign_key_list(?)
    GROUP BY id ORDER BY "table"
"""


def run_on_sqlite(request, command):
    """Answers what is there before, after, when it is taken back and when it is done again, and what raised on the way."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "proof.db")
        config = config_of(request, url=f"sqlite:///{path}")
        before = upgrade_before(config, Path(command["file"]).resolve())
        fill(path)
        seen = {"before": described(path)}
        for moment, run, to in (
            ("after", alembic_command.upgrade, "heads"),
            ("back", alembic_command.downgrade, before),
            ("again", alembic_command.upgrade, "heads"),
        ):
            try:
                run(config, to)
            except Exception as error:  # whatever the database or Alembic says
                return {**seen, "failure": f"{moment}: {type(error).__name__}: {error}"}
            seen[moment] = described(path)
        return seen


def upgrade_before(config, path):
    later = set()
    last = "base"
    for revision in ordered(script_of(config)):
        if Path(revision.path).resolve() == path or later.intersection(parents_of(revision)):
            later.add(revision.revision)
        else:
            alembic_command.upgrade(config, revision.revision)
            last = revision.revision
    return last


def fill(path):
    with sqlite3.connect(path) as connection:
        for table in tables_in(connection):
            columns = columns_of(connection, table)
            names = ", ".join(f'"{name}"' for name, *_ in columns)
            places = ", ".join("?" for _ in columns)
            for number in range(1, ROWS + 1):
                values = [value_of(kind, number) for _, kind, *_ in columns]
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', values)


def value_of(kind, number):
    return number if re.search("INT|NUM|DEC|BOOL|FLOAT|REAL", kind) else f"text {number}"


def described(path):
    with sqlite3.connect(path) as connection:
        tables = tables_in(connection)
        return {
            "schema": [line for table in tables for line in schema_lines(connection, table)],
            "rows": [line for table in tables for line in row_lines(connection, table)],
        }


def tables_in(connection):
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in connection.execute(query) if name not in BOOKKEEPING]


def columns_of(connection, table):
    query = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?) ORDER BY name'
    return connection.execute(query, [table]).fetchall()


def schema_lines(connection, table):
    for name, kind, not_null, default, key in columns_of(connection, table):
        words = [f"column {table}.{name}: {kind}", "not null" if not_null else "", "primary key" if key else ""]
        yield " ".join(word for word in [*words, default and f"default {default}"] if word)
    for unique, name, columns in connection.execute(INDEXES, [table]):
        own = "" if name.startswith("sqlite_autoindex") else f" {name}"
        yield f"{'unique ' if unique else ''}index{own} on {table} ({columns})"
    for columns, referred, to in connection.execute(KEYS, [table]):
        yield f"foreign key of {table} ({columns}) to {referred} ({to})"
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [table]).fetchone()
    for name in sorted(re.findall(r'CONSTRAINT "?(\w+)"?', sql)):
        yield f"constraint {table}.{name}"


def row_lines(connection, table):
    columns = [name for name, *_ in columns_of(connection, table)]
    names = ", ".join(f'"{each}"' for each in columns)
    for row in connection.execute(f'SELECT {names} FROM "{table}" ORDER BY 1'):
        yield f"{table} {json.dumps(dict(zip(columns, row)))}"
