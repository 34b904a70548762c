"""Runs the revisions of a project in parts: to just before one of them, deploy by deploy, and back again."""

import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path

from alembic import command as alembic_command
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import create_engine, event, pool
from sqlalchemy.engine import Engine

from stepwise_proof.database import connect
from stepwise_proof.numbered_rows import NumberedRows
from stepwise_proof.revisions import release
from stepwise_proof.revisions.environment import (
    config_of,
    everything_at_once,
    ordered,
    parents_of,
    run,
    script_of,
    url_of,
    with_ancestors,
)
from stepwise_proof.watch import watched


def load(request, command):
    """Import every revision and build the graph, as each command does before it begins."""
    script_of(config_of(request))


def run_on_sqlite(request, command):
    """Run all revisions there, back and there again, on a new file."""
    with tempfile.TemporaryDirectory() as folder:
        config = config_of(request, url=f"sqlite:///{folder}/proof.db")
        alembic_command.upgrade(config, "heads")
        alembic_command.downgrade(config, "base")
        alembic_command.upgrade(config, "heads")


def migrate(request, command):
    config = config_of(request)
    if command.get("to") == "zero":
        alembic_command.downgrade(config, "base")
    else:
        alembic_command.upgrade(config, command.get("to", "heads"))


def migrate_before(request, command):
    """Apply all but one revision and what depends on it; answers what is applied then."""
    config = config_of(request)
    script = script_of(config)
    path = Path(request["project"], command["migration"][1]).resolve()
    later = set()
    for revision in ordered(script):
        if Path(revision.path).resolve() == path or later.intersection(parents_of(revision)):
            later.add(revision.revision)
        else:
            alembic_command.upgrade(config, revision.revision)
    return applied(request, script)


def deploy(request, command):
    """Apply what is not applied yet, one revision after the other, while releases write.

    A release knows the tables and columns of a moment: `oldRelease` and `newRelease` where they are given, else those
    before the deploy and after it. With `old` the one before writes after each revision, the new one at the end.
    With `lenient` nothing is refused that could be done: neither several heads nor what cannot run in a transaction.
    """
    config = config_of(request)
    lenient = command.get("lenient")
    if not lenient:
        check_heads(script_of(config))
    rows = NumberedRows(command["number"])
    report = {"old": [], "new": [], "rows": rows.keys, "watched": []}
    before = command.get("oldRelease") or described(request)
    for revision in pending(request, script_of(config)):
        with watched(lambda: connect(request), before_commit) as seen, everything_at_once() if lenient else nullcontext():
            alembic_command.upgrade(config, revision)
        report["watched"].append({"migration": revision, **seen})
        if command.get("old"):
            report["old"] += serve(request, before, rows)
    after = command.get("newRelease") or described(request)
    report["new"] = serve(request, after, rows)
    report["release"] = after
    return report


def described(request):
    with connect(request) as connection:
        return release.of_schema(connection)


def serve(request, known, rows):
    with connect(request) as connection:
        return release.serve(connection, known, rows)


@contextmanager
def before_commit(look):
    def look_at(connection):
        look(connection.connection.driver_connection)

    event.listen(Engine, "commit", look_at)
    try:
        yield
    finally:
        event.remove(Engine, "commit", look_at)


def check_heads(script):
    """Where there is one line of revisions, `alembic upgrade head` refuses several heads; labels tell lines apart."""
    heads = [script.get_revision(each) for each in script.get_heads()]
    if len({frozenset(each.branch_labels) for each in heads}) < len(heads):
        script.get_current_head()


def migrate_back(request, command):
    """Take back all that is applied besides `to`."""
    config = config_of(request)
    script = script_of(config)
    kept = {revision for _, revision in command["to"]}
    done = applied_in(request, script)
    taken = [each for each in reversed(ordered(script)) if each.revision in done - kept]
    run(config, script, [RevisionStep(script.revision_map, each, False) for each in taken])


def pending(request, script):
    done = applied_in(request, script)
    return [each.revision for each in ordered(script) if each.revision not in done]


def list_applied(request, command):
    return applied(request, script_of(config_of(request)))


def applied(request, script):
    return [["alembic", each] for each in sorted(applied_in(request, script))]


def applied_in(request, script):
    engine = create_engine(url_of(request), poolclass=pool.NullPool)
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return with_ancestors(script, heads)
