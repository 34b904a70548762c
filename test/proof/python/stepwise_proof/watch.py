"""Looks at a migration from outside, just before it commits: who has to wait for it, and whether for long."""

from contextlib import contextmanager
from unittest import mock

import psycopg
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from stepwise_proof.locks import SCANS, Relations, quoted


@contextmanager
def watched(connect):
    """Yields what is found out: `reads` and `writes` name tables that wait, `busy` those that wait for work on them."""
    seen = {"reads": [], "writes": [], "busy": []}
    with connect() as observer:
        before = Relations(observer)
        leave = BaseDatabaseSchemaEditor.__exit__

        def look_and_leave(editor, kind, error, trace):
            if kind is None and editor.atomic_migration:
                for statement in editor.deferred_sql:
                    editor.execute(statement, None)
                editor.deferred_sql = []
                seen.update(look(observer, editor.connection, before))
            return leave(editor, kind, error, trace)

        with mock.patch.object(BaseDatabaseSchemaEditor, "__exit__", look_and_leave):
            yield seen


def look(observer, connection, before):
    writes = [name for name in before.lockable() if waits(observer, name, "ROW EXCLUSIVE")]
    reads = [name for name in writes if waits(observer, name, "ACCESS SHARE")]
    if not writes:
        return {}
    own = connection.connection
    scans = dict(own.execute(SCANS).fetchall())
    after = Relations(own)
    busy = {*before.rewritten(after), *before.built(after), *before.grown({}, scans, after)}
    return {"reads": reads, "writes": writes, "busy": sorted(busy & set(writes))}


def waits(observer, name, mode):
    try:
        with observer.transaction():
            observer.execute(f"LOCK TABLE ONLY {quoted(name)} IN {mode} MODE NOWAIT")
    except psycopg.errors.LockNotAvailable:
        return True
    return False
