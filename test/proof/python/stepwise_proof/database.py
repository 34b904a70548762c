"""What is done with a database itself, whatever framework migrates it."""

import psycopg

from stepwise_proof import catalog, locks
from stepwise_proof import rows as generated_rows


def connect(request):
    server = request["server"]
    return psycopg.connect(
        host=server["HOST"],
        user=server["USER"],
        dbname=request["database"],
        autocommit=True,
    )


def execute(request, command):
    with connect(request) as connection:
        for statement in command["sql"]:
            connection.execute(statement)


def fill(request, command):
    with connect(request) as connection:
        generated_rows.fill(connection)


def query(request, command):
    with connect(request) as connection:
        return [
            [str(cell) for cell in row] for row in connection.execute(command["sql"])
        ]


def schema(request, command):
    with connect(request) as connection:
        return catalog.describe_schema(connection)


def rows(request, command):
    with connect(request) as connection:
        return catalog.describe_rows(connection)


def measure(request, command):
    return locks.measure(
        lambda: connect(request), command["sql"], command.get("given", [])
    )


def type_changes(request, command):
    with connect(request) as connection:
        return locks.change_types(connection, command["changes"], command["using"])


COMMANDS = {
    "execute": execute,
    "fill": fill,
    "query": query,
    "schema": schema,
    "rows": rows,
    "measure": measure,
    "type-changes": type_changes,
}
