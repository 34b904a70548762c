"""Describes a database in lines of text that can be compared: its schema, and its rows.

The bookkeeping of frameworks (applied migrations, content types, permissions) is left out: it differs with
the names of migrations, not with what they do.
"""

BOOKKEEPING = ("django_migrations", "django_content_type", "auth_permission", "alembic_version")

RELATIONS = """
    SELECT c.oid, c.relname, c.relkind, c.reloptions
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND c.relname <> ALL (%s)
      -- A sequence that belongs to a column is part of that column.
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e')
                      AND d.classid = 'pg_class'::regclass AND c.relkind = 'S')
    ORDER BY c.relname
"""

COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated::text,
           pg_get_expr(d.adbin, d.adrelid),
           CASE WHEN a.attcollation <> t.typcollation THEN l.collname END,
           EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n'
                   AND NOT k.convalidated AND k.conkey = ARRAY[a.attnum])
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attname
"""

# NOT NULL constraints are told with their column.
CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s AND contype <> 'n' ORDER BY conname
"""

# The index of a constraint is told with the constraint.
INDEXES = """
    SELECT i.relname, pg_get_indexdef(i.oid), x.indisvalid
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indrelid = %s AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid
                                          AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.relname
"""

TRIGGERS = """
    SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE tgrelid = %s AND NOT tgisinternal ORDER BY tgname
"""

ENUMS = """
    SELECT t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = 'public'
    GROUP BY t.typname ORDER BY t.typname
"""


def describe_schema(connection):
    lines = [
        f"enum {name} ({', '.join(labels)})"
        for name, labels in connection.execute(ENUMS).fetchall()
    ]
    relations = connection.execute(RELATIONS, [list(BOOKKEEPING)]).fetchall()
    for oid, name, kind, options in relations:
        lines.extend(describe_relation(connection, oid, name, kind, options))
    return lines


def describe_relation(connection, oid, name, kind, options):
    if kind == "S":
        return [f"sequence {name}"]
    if kind in ("v", "m"):
        (definition,) = connection.execute(
            "SELECT pg_get_viewdef(%s)", [oid]
        ).fetchone()
        return [f"view {name}: {' '.join(definition.split())}"]
    return [
        f"table {name}" + (f" with ({', '.join(options)})" if options else ""),
        *describe_columns(connection, oid, name),
        *(
            f"constraint {name}.{constraint}: {definition}"
            for constraint, definition in connection.execute(
                CONSTRAINTS, [oid]
            ).fetchall()
        ),
        *describe_indexes(connection, oid, name),
        *(
            f"trigger {name}.{trigger}: {definition}"
            for trigger, definition in connection.execute(TRIGGERS, [oid]).fetchall()
        ),
    ]


def describe_columns(connection, oid, table):
    for (
        name,
        type_name,
        not_null,
        identity,
        generated,
        default,
        collation,
        unproven,
    ) in connection.execute(COLUMNS, [oid]).fetchall():
        line = f"column {table}.{name}: {type_name}"
        if collation:
            line += f' collate "{collation}"'
        if not_null:
            line += " not null not valid" if unproven else " not null"
        if identity:
            line += " identity"
        elif generated:
            line += f" generated as ({default}){' virtual' if generated == 'v' else ''}"
        elif default is not None:
            line += f" default {default}"
        yield line


def describe_indexes(connection, oid, table):
    for name, definition, is_valid in connection.execute(INDEXES, [oid]).fetchall():
        unique = "unique " if definition.startswith("CREATE UNIQUE") else ""
        _, method = definition.split(" USING ", 1)
        invalid = "" if is_valid else " invalid"
        yield f"index {table}.{name}: {unique}{method}{invalid}"


def describe_rows(connection):
    """One line a row, `table {json}` with sorted keys, so that the order of columns does not matter."""
    lines = []
    relations = connection.execute(RELATIONS, [list(BOOKKEEPING)]).fetchall()
    for _, name, kind, _ in relations:
        if kind in ("r", "p"):
            query = f'SELECT to_jsonb(t)::text FROM public."{name}" t ORDER BY 1'
            lines.extend(f"{name} {row}" for (row,) in connection.execute(query))
    return lines
