"""Runs Django for the proof: one JSON request a line on stdin, one JSON answer a line on stdout.

Django and psycopg are imported once. Every request is served by a fork of this process, so each one
has a project, an app registry and a database of its own and leaves nothing behind for the next.
A request names a database, a project (optional) and commands that run in order until one fails.
"""

import contextlib
import gc
import io
import json
import os
import sys
import traceback

import django
import django.contrib.contenttypes.management  # noqa: F401  (imported here to be warm in every fork)
import django.contrib.postgres.operations  # noqa: F401
import django.core.management.commands.makemigrations  # noqa: F401
import django.core.management.commands.migrate  # noqa: F401
import django.core.management.commands.sqlmigrate  # noqa: F401
import django.db.models  # noqa: F401
import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from stepwise_proof import catalog, history, locks, model_source
from stepwise_proof import rows as generated_rows


def set_up(request):
    """Load the project as `manage.py` would, pointed at the database of the request."""
    sys.path.insert(0, request["project"])
    os.chdir(request["project"])
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.update(request.get("environment", {}))
    sys.dont_write_bytecode = True

    from django.conf import settings

    settings.DATABASES["default"].update(
        {"PASSWORD": "", "PORT": "", "NAME": request["database"], **request["server"]}
    )
    django.setup()


def connect(request):
    server = request["server"]
    return psycopg.connect(
        host=server["HOST"],
        user=server["USER"],
        dbname=request["database"],
        autocommit=True,
    )


def migrate(request, command):
    target = [command["app"], command["to"]] if "to" in command else []
    call_command("migrate", *target, verbosity=0, interactive=False)


def import_migrations(request, command):
    """Execute the file of every migration, whether or not its parents are there."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()


def load(request, command):
    """Import every migration and build the graph, as each command does before it begins."""
    MigrationLoader(connections["default"])


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


def pending(request, command):
    """What `makemigrations --check` would write; empty when models and migrations agree."""
    output = io.StringIO()
    try:
        call_command(
            "makemigrations", check=True, dry_run=True, interactive=False, stdout=output
        )
    except SystemExit:
        return output.getvalue()
    return ""


def sqlmigrate(request, command):
    output = io.StringIO()
    call_command("sqlmigrate", command["app"], command["migration"], stdout=output)
    return output.getvalue()


def sql_of_migrations(request, command):
    """What sqlmigrate collects of each migration of these apps, when those before it have run.

    It looks up names in the database, so the database has to be there. Ends with the first one that does not run.
    """
    connection = connections["default"]
    executor = MigrationExecutor(connection)
    loader = MigrationLoader(connection, replace_migrations=False)
    executor.recorder.ensure_schema()
    told = []
    for key in ordered_nodes(loader):
        migration = loader.graph.nodes[key]
        one = told_of(loader, migration)
        if migration.app_label in command["apps"]:
            told.append(one)
        state = loader.project_state(key, at_end=False)
        try:
            with recorded_sql() as sent:
                executor.apply_migration(state, migration)
            one["sent"] = "\n".join(sent)
        except Exception as error:  # a migration may raise anything
            one["failure"] = f"{type(error).__name__}: {error}"
            break
    return told


@contextlib.contextmanager
def recorded_sql():
    """The statements that schema editors send meanwhile."""
    sent = []
    execute = DatabaseSchemaEditor.execute

    def recorded(self, sql, params=()):
        text = str(sql)
        if not self.collect_sql:
            whole = text % tuple(map(self.quote_value, params)) if params else text
            sent.append(whole if whole.rstrip().endswith(";") else whole + ";")
        return execute(self, sql, params)

    DatabaseSchemaEditor.execute = recorded
    try:
        yield sent
    finally:
        DatabaseSchemaEditor.execute = execute


def told_of(loader, migration):
    one = {"app": migration.app_label, "name": migration.name}
    try:
        return {**one, "collected": "\n".join(loader.collect_sql([(migration, False)]))}
    except Exception:  # it looks for a name that is not in the database before the migration has run
        return one


def ordered_nodes(loader):
    """All migrations, parents first."""
    ordered = {}
    for leaf in loader.graph.leaf_nodes():
        ordered.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(ordered)


def version(request, command):
    return django.get_version()


def measure(request, command):
    return locks.measure(
        lambda: connect(request), command["sql"], command.get("given", [])
    )


def type_changes(request, command):
    with connect(request) as connection:
        return locks.change_types(connection, command["changes"], command["using"])


COMMANDS = {
    "migrate": migrate,
    "migrate-before": history.migrate_before,
    "deploy": history.deploy,
    "applied": history.list_applied,
    "migrate-back": history.migrate_back,
    "models": model_source.sources,
    "import": import_migrations,
    "load": load,
    "execute": execute,
    "fill": fill,
    "query": query,
    "schema": schema,
    "rows": rows,
    "pending": pending,
    "sqlmigrate": sqlmigrate,
    "sql-of-migrations": sql_of_migrations,
    "version": version,
    "measure": measure,
    "type-changes": type_changes,
}


def answer(request):
    results = []
    # What the project prints must not end up between the answers.
    sys.stdout = sys.stderr
    try:
        if "project" in request:
            set_up(request)
        for command in request["commands"]:
            results.append(COMMANDS[command["do"]](request, command))
    except BaseException as error:  # a migration may raise anything, SystemExit too
        return {
            "results": results,
            "error": {
                "type": type(error).__name__,
                "message": str(error),
                "traceback": traceback.format_exc(),
            },
        }
    finally:
        # A database that somebody is connected to cannot be copied.
        close_connections()
    return {"results": results}


def close_connections():
    from django.conf import settings

    if settings.configured:
        connections.close_all()


def serve(line, output):
    """Answer one request from a fork; the parent waits, so answers keep their order."""
    child = os.fork()
    if child == 0:
        text = json.dumps(answer(json.loads(line)))
        output.write(text + "\n")
        output.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        death = {
            "type": "ProcessDied",
            "message": f"exit status {status}",
            "traceback": "",
        }
        output.write(json.dumps({"results": [], "error": death}) + "\n")
        output.flush()


def main():
    # What is imported stays: the collector of a fork must not touch, and so copy, all of it.
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        serve(line, sys.stdout)


if __name__ == "__main__":
    main()
