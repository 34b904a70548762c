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


def connected(request):
    """The connection that the commands of a request share, but for those that watch each other."""
    if "connection" not in request:
        request["connection"] = connect(request)
    return request["connection"]


def disconnect(request):
    if "connection" in request:
        request.pop("connection").close()


def execute(request, command):
    for statement in command["sql"]:
        connected(request).execute(statement)


def fill(request, command):
    generated_rows.fill(connected(request))


def query(request, command):
    found = connected(request).execute(command["sql"])
    return [[str(cell) for cell in row] for row in found]


def schema(request, command):
    return catalog.describe_schema(connected(request))


def rows(request, command):
    return catalog.describe_rows(connected(request))


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
