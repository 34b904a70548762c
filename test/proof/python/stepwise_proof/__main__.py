"""Runs Django for the proof; Django and psycopg are imported once."""

import contextlib
import io
import os

import django
import django.contrib.auth.password_validation  # noqa: F401  (imported here to be warm in every fork)
import django.contrib.contenttypes.management  # noqa: F401
import django.contrib.postgres.constraints  # noqa: F401
import django.contrib.postgres.fields  # noqa: F401
import django.contrib.postgres.indexes  # noqa: F401
import django.contrib.postgres.operations  # noqa: F401
import django.contrib.postgres.search  # noqa: F401
import django.core.management.commands.makemigrations  # noqa: F401
import django.core.management.commands.migrate  # noqa: F401
import django.core.management.commands.sqlmigrate  # noqa: F401
import django.db.backends.postgresql.base  # noqa: F401
import django.db.models  # noqa: F401
import django.utils.log  # noqa: F401
import django.utils.translation.reloader  # noqa: F401
import django.views.debug  # noqa: F401
from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from stepwise_proof import database, history, model_source
from stepwise_proof.serving import serve


def set_up(request):
    """Load the project as `manage.py` would, pointed at the database of the request."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

    from django.conf import settings

    settings.DATABASES["default"].update(
        {"PASSWORD": "", "PORT": "", "NAME": request["database"], **request["server"]}
    )
    django.setup()


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


COMMANDS = {
    **database.COMMANDS,
    "migrate": migrate,
    "migrate-before": history.migrate_before,
    "deploy": history.deploy,
    "applied": history.list_applied,
    "migrate-back": history.migrate_back,
    "models": model_source.sources,
    "import": import_migrations,
    "load": load,
    "pending": pending,
    "sqlmigrate": sqlmigrate,
    "sql-of-migrations": sql_of_migrations,
    "version": version,
}


def close_connections():
    from django.conf import settings

    if settings.configured:
        connections.close_all()


if __name__ == "__main__":
    serve(COMMANDS, set_up, close_connections)
