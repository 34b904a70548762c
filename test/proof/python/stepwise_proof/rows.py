"""Fills the tables of a database with a few rows, by what its catalog says of them."""

import datetime
import re

from psycopg import sql

from stepwise_proof.catalog import BOOKKEEPING

# Rows in each table; the last one is empty wherever it may be.
COUNT = 3

TABLES = """
    SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_|^information_schema$'
      AND c.relname <> ALL (%s)
    ORDER BY c.oid
"""

COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef AND a.attgenerated = '',
           a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid) ~ '^nextval', false),
           a.attgenerated <> '', t.typtype, a.atttypmod,
           (SELECT k.confrelid FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'f'
            AND k.conkey = ARRAY[a.attnum] LIMIT 1),
           (SELECT r.attname FROM pg_constraint k JOIN pg_attribute r ON r.attrelid = k.confrelid
            AND r.attnum = k.confkey[1] WHERE k.conrelid = a.attrelid AND k.contype = 'f'
            AND k.conkey = ARRAY[a.attnum] LIMIT 1),
           (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder LIMIT 1)
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def fill(connection):
    tables = connection.execute(TABLES, [list(BOOKKEEPING)]).fetchall()
    waiting = [
        (oid, sql.Identifier(schema, name), connection.execute(COLUMNS, [oid]).fetchall())
        for oid, schema, name in tables
    ]
    done = set()
    while waiting:
        ready = [t for t in waiting if refers_to(t) <= done | {t[0]}] or waiting[:1]
        for oid, name, columns in ready:
            if not is_filled(connection, name) and can_be_filled(connection, columns):
                fill_table(connection, oid, name, columns)
            done.add(oid)
        waiting = [t for t in waiting if t not in ready]


def is_filled(connection, name):
    query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)
    return connection.execute(query).fetchone()[0]


def can_be_filled(connection, columns):
    """Not where each row needs one of a table that has none, like the permissions that Django makes later."""
    needed = {column[8] for column in columns if column[8] and column[2]}
    return all(is_filled(connection, regclass(connection, oid)) for oid in needed)


def refers_to(table):
    return {column[8] for column in table[2] if column[8]}


def fill_table(connection, oid, name, columns):
    for number in range(1, COUNT + 1):
        values = {}
        for column in columns:
            if not (column[4] or column[5]):
                values[column[0]] = value_of(connection, oid, column, number)
        insert(connection, name, values)


def insert(connection, name, values):
    if not values:
        connection.execute(sql.SQL("INSERT INTO {} DEFAULT VALUES").format(name))
        return
    names = sql.SQL(", ").join(sql.Identifier(each) for each in values)
    places = sql.SQL(", ").join(sql.Placeholder() for _ in values)
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(name, names, places)
    connection.execute(statement, list(values.values()))


def value_of(connection, table, column, number):
    _, type_name, not_null, _, _, _, kind, modifier, referred, key, label = column
    if number == COUNT and not not_null:
        return None
    if referred:
        return reference(connection, table, referred, key, not_null, number)
    if kind == "e":
        return label
    return literal(type_name, modifier, number)


def reference(connection, table, referred, key, not_null, number):
    if table == referred and not not_null:
        return None
    query = sql.SQL("SELECT {}::text FROM {} ORDER BY 1 OFFSET {} LIMIT 1").format(
        sql.Identifier(key), regclass(connection, referred), number - 1
    )
    row = connection.execute(query).fetchone()
    return row and row[0]


def regclass(connection, oid):
    schema, name = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = %s",
        [oid],
    ).fetchone()
    return sql.Identifier(schema, name)


def literal(type_name, modifier, number):
    """Text that PostgreSQL reads as a value of the type."""
    base = type_name.split("(")[0]
    if type_name.endswith("[]"):
        return "{}"
    if base.startswith("character") or base in ("text", "citext", "bpchar"):
        text = f"text {number}"
        return text if modifier < 4 else text[-(modifier - 4) :]
    return LITERALS[base](number) if base in LITERALS else number_in(type_name, number)


FIRST_DAY = datetime.datetime(2024, 1, 1, 12)


def moment(number):
    return FIRST_DAY + datetime.timedelta(days=number - 1)


def number_in(type_name, number):
    """Numbers of releases are large; they need not fit into a narrow column as they are."""
    if type_name == "smallint":
        return str(number % 32000)
    digits = re.fullmatch(r"numeric\((\d+),(\d+)\)", type_name)
    if digits:
        whole, scale = map(int, digits.groups())
        return str(number % 10 ** (whole - scale))
    return str(number)


LITERALS = {
    "boolean": lambda number: number % 2 == 1,
    "date": lambda number: str(moment(number).date()),
    "timestamp": lambda number: str(moment(number)),
    "timestamp with time zone": lambda number: f"{moment(number)}+00",
    "timestamp without time zone": lambda number: str(moment(number)),
    "time without time zone": lambda number: f"12:00:{number % 60:02}",
    "interval": lambda number: f"{number} seconds",
    "uuid": lambda number: f"00000000-0000-0000-0000-{number:012}",
    "json": lambda number: f'{{"number": {number}}}',
    "jsonb": lambda number: f'{{"number": {number}}}',
    "bytea": lambda number: f"\\x{number:08x}",
    "inet": lambda number: f"192.0.2.{number % 250}",
    "xml": lambda number: f"<n>{number}</n>",
    "tsvector": lambda number: f"word{number}",
}
