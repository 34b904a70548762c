"""Runs the migrations of a project in parts: to just before one of them, deploy by deploy, and back again."""

from contextlib import contextmanager
from unittest import mock

from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from stepwise_proof import release
from stepwise_proof.database import connect
from stepwise_proof.numbered_rows import NumberedRows
from stepwise_proof.watch import watched


def migrate_before(request, command):
    """Apply all but one migration and what depends on it; answers what is applied then."""
    executor = MigrationExecutor(connections["default"])
    graph = executor.loader.graph
    target = tuple(command["migration"])
    later = set(graph.backwards_plan(target)) if target in graph.nodes else set()
    run(executor, [step for step in forward_plan(executor) if key(step) not in later])
    return applied()


def deploy(request, command):
    """Apply what is not applied yet, one migration after the other, while releases write.

    `old` names the migrations that the release knows that serves meanwhile; it writes after each migration.
    The release that knows all of them writes at the end. Answers who could not do what, and the rows that came.
    With `lenient` nothing is refused that could be done: neither several leaves nor what cannot run in a transaction.
    """
    old = release.of_state(state_at(command["old"])) if command.get("old") else None
    rows = NumberedRows(command["number"])
    if not command.get("lenient"):
        check_graph()
    report = {"old": [], "new": [], "rows": rows.keys, "watched": []}
    while True:
        executor = MigrationExecutor(connections["default"])
        plan = forward_plan(executor)[:1]
        if not plan:
            break
        if command.get("lenient"):
            plan[0][0].atomic = False
        with watched(lambda: connect(request), before_commit) as seen:
            run(executor, plan)
        report["watched"].append({"migration": ".".join(key(plan[0])), **seen})
        if old is not None:
            report["old"] += old.serve(rows)
    new = release.of_state(MigrationLoader(connections["default"]).project_state())
    report["new"] = new.serve(rows)
    return report


@contextmanager
def before_commit(look):
    leave = BaseDatabaseSchemaEditor.__exit__

    def look_and_leave(editor, kind, error, trace):
        if kind is None and editor.atomic_migration:
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
            editor.deferred_sql = []
            look(editor.connection.connection)
        return leave(editor, kind, error, trace)

    with mock.patch.object(BaseDatabaseSchemaEditor, "__exit__", look_and_leave):
        yield


def migrate_back(request, command):
    """Take back all that is applied besides `to`."""
    executor = MigrationExecutor(connections["default"])
    kept = {tuple(each) for each in command["to"]}
    full = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    done = executor.loader.applied_migrations
    plan = [(migration, True) for migration, _ in reversed(full) if name(migration) in done]
    run(executor, [step for step in plan if key(step) not in kept])


def check_graph():
    """What `migrate` looks at before it begins."""
    loader = MigrationLoader(connections["default"])
    loader.check_consistent_history(connections["default"])
    conflicts = loader.detect_conflicts()
    if conflicts:
        raise CommandError(f"Conflicting migrations detected: {conflicts}")


def state_at(migrations):
    loader = MigrationLoader(connections["default"])
    nodes = [tuple(each) for each in migrations if tuple(each) in loader.graph.nodes]
    return loader.project_state(nodes)


def run(executor, plan):
    if plan:
        executor.migrate(None, plan=plan)


def forward_plan(executor):
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


def list_applied(request, command):
    return applied()


def applied():
    return sorted(list(each) for each in MigrationLoader(connections["default"]).applied_migrations)


def key(step):
    return name(step[0])


def name(migration):
    return (migration.app_label, migration.name)
