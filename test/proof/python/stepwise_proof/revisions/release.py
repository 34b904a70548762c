"""A release of an application: it knows the tables and columns of one moment, and reads and writes rows of them.

What it cannot do any more is told, not raised: `orders: insert_all: UndefinedColumn: column … does not exist`.
"""

from psycopg import sql

from stepwise_proof.catalog import BOOKKEEPING
from stepwise_proof.rows import literal

TABLES = """
    SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_|^information_schema$'
      AND c.relname <> ALL (%s)
    ORDER BY c.oid
"""

COLUMNS = """
    SELECT json_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'modifier', a.atttypmod,
        'required', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
        'counts', a.attidentity = 'd' OR coalesce(pg_get_expr(d.adbin, d.adrelid) ~ '^nextval', false),
        'derived', a.attgenerated <> '' OR a.attidentity = 'a',
        'key', EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'p'
                       AND a.attnum = ANY (k.conkey)),
        'label', (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder LIMIT 1),
        'refers', (SELECT json_build_array(n.nspname, c.relname, r.attname)
                   FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid
                   JOIN pg_namespace n ON n.oid = c.relnamespace
                   JOIN pg_attribute r ON r.attrelid = k.confrelid AND r.attnum = k.confkey[1]
                   WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1))
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


def of_schema(connection):
    """Tables after those that they refer to."""
    waiting = [
        {
            "schema": schema,
            "name": name,
            "columns": [column for (column,) in connection.execute(COLUMNS, [oid]).fetchall()],
        }
        for oid, schema, name in connection.execute(TABLES, [list(BOOKKEEPING)]).fetchall()
    ]
    done = []
    while waiting:
        names = {each["name"] for each in waiting}
        ready = [each for each in waiting if not referred(each) & names - {each["name"]}]
        # Tables that refer to each other: the first of them has to do without.
        ready = ready or waiting[:1]
        done += ready
        waiting = [each for each in waiting if each not in ready]
    return done


def referred(table):
    return {column["refers"][1] for column in table["columns"] if column["refers"]}


def serve(connection, known, rows):
    """Read and insert with each table; answers what failed."""
    failures = []
    for table in known:
        for action in (read, insert_all, insert_least):
            try:
                with connection.transaction():
                    action(connection, table, rows)
            except Exception as error:  # whatever the database says
                message = str(error).strip().split("\n")[0]
                failures.append(f"{table['name']}: {action.__name__}: {type(error).__name__}: {message}")
    return failures


def read(connection, table, rows):
    names = sql.SQL(", ").join(sql.Identifier(each["name"]) for each in table["columns"])
    connection.execute(sql.SQL("SELECT {} FROM {} LIMIT 2").format(names, identifier(table)))


def insert_all(connection, table, rows):
    """A row with a value in every column, saved once more."""
    values = insert(connection, table, [each for each in table["columns"] if not each["derived"]], rows)
    names = list(values)
    if names:
        assigned = sql.SQL(", ").join(sql.SQL("{0} = {0}").format(sql.Identifier(each)) for each in names)
        found = sql.SQL("{}::text = %s").format(sql.Identifier(names[0]))
        query = sql.SQL("UPDATE {} SET {} WHERE {}").format(identifier(table), assigned, found)
        connection.execute(query, [str(values[names[0]])])


def insert_least(connection, table, rows):
    """A row with no more than what has to be given."""
    insert(connection, table, [each for each in table["columns"] if each["required"] or each["counts"]], rows)


def insert(connection, table, columns, rows):
    values = {each["name"]: value_of(connection, table, each, rows.next()) for each in columns}
    values = {name: value for name, value in values.items() if value is not None}
    statement = sql.SQL("INSERT INTO {} DEFAULT VALUES").format(identifier(table))
    if values:
        names = sql.SQL(", ").join(sql.Identifier(each) for each in values)
        places = sql.SQL(", ").join(sql.Placeholder() for _ in values)
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(identifier(table), names, places)
    row = connection.execute(statement + sql.SQL(" RETURNING *"), list(values.values()))
    written = dict(zip([each.name for each in row.description], row.fetchone()))
    keys = [str(written[each["name"]]) for each in table["columns"] if each["key"]]
    made_up = [str(written[each["name"]]) for each in columns if each["name"] in values and is_made_up(each)]
    rows.keys += [[table["name"], each] for each in [*keys, *(text for text in made_up if len(text) > 3)]]
    return values


def is_made_up(column):
    """A value that no other row has."""
    return not (column["refers"] or column["label"] or column["type"] == "boolean")


def value_of(connection, table, column, number):
    if column["refers"]:
        return reference_of(connection, table, column)
    if column["label"] is not None and not column["type"].endswith("[]"):
        return column["label"]
    return literal(column["type"], column["modifier"], number)


def reference_of(connection, table, column):
    """The key of a row that is there, of one that is not referred to yet where there is one."""
    schema, name, key = column["refers"]
    query = """
        SELECT {key}::text FROM {referred} r
        ORDER BY NOT EXISTS (SELECT FROM {table} t WHERE t.{column} = r.{key}) DESC, {key} DESC LIMIT 1
    """
    row = connection.execute(
        sql.SQL(query).format(
            key=sql.Identifier(key),
            referred=sql.Identifier(schema, name),
            table=identifier(table),
            column=sql.Identifier(column["name"]),
        )
    ).fetchone()
    return row and row[0]


def identifier(table):
    return sql.Identifier(table["schema"], table["name"])
