"""Measures what a statement does to the tables that are there: locks, rewrites, scans, index builds.

An ordinary statement is measured inside a transaction that is rolled back. A CONCURRENTLY statement cannot
run in one; it is held up by an older transaction and looked at from outside while it waits.
"""

import threading
import time

import psycopg

# Weakest first; a table counts with the strongest lock that the statement held on it.
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)

RELATIONS = """
    SELECT c.oid, c.relname, c.relkind = 'i', pg_relation_filenode(c.oid), x.indrelid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index x ON x.indexrelid = c.oid
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i', 'm')
"""

LOCKS = """
    SELECT relation, mode FROM pg_locks
    WHERE pid = %s AND locktype = 'relation' AND granted
"""

# By id, not by name: a rename would break the comparison.
SCANS = "SELECT relid, seq_scan FROM pg_stat_xact_user_tables"


def measure(connect, statement):
    if "CONCURRENTLY" in statement.upper():
        return measure_from_outside(connect, statement)
    return measure_in_transaction(connect, statement)


def measure_in_transaction(connect, statement):
    with connect() as connection:
        before = Relations(connection)
        connection.execute("BEGIN")
        scans_before = dict(connection.execute(SCANS).fetchall())
        connection.execute(statement)
        held = connection.execute(LOCKS, [connection.info.backend_pid]).fetchall()
        scans = dict(connection.execute(SCANS).fetchall())
        after = Relations(connection)
        connection.execute("ROLLBACK")
    scanned = (
        name
        for oid, name in before.tables.items()
        if scans.get(oid, 0) > scans_before.get(oid, 0)
    )
    return {
        "locks": strongest(held, before.tables),
        "rewrites": before.rewritten(after),
        "scans": sorted(scanned),
        "builds": before.built(after),
    }


def measure_from_outside(connect, statement):
    with connect() as observer, connect() as worker, connect() as blocker:
        before = Relations(observer)
        blocker.execute("BEGIN")
        for name in before.tables.values():
            # What a row that is being written holds. The statement waits for it to commit.
            blocker.execute(f'LOCK TABLE "{name}" IN ROW EXCLUSIVE MODE')
        thread = threading.Thread(target=worker.execute, args=[statement])
        thread.start()
        wait_until_blocked(observer, worker.info.backend_pid)
        held = observer.execute(LOCKS, [worker.info.backend_pid]).fetchall()
        blocker.execute("ROLLBACK")
        thread.join()
        after = Relations(observer)
    return {
        "locks": strongest(held, before.tables),
        "rewrites": before.rewritten(after),
        "scans": [],
        "builds": before.built(after),
    }


class Relations:
    """The tables and indexes at one moment, and the files that hold them."""

    def __init__(self, connection):
        rows = connection.execute(RELATIONS).fetchall()
        self.tables = {oid: name for oid, name, is_index, _, _ in rows if not is_index}
        self.files = {oid: file for oid, _, is_index, file, _ in rows if not is_index}
        self.indexes = {file: table for _, _, is_index, file, table in rows if is_index}

    def rewritten(self, after):
        """Tables that are in another file now."""
        return sorted(
            self.tables[oid]
            for oid, file in self.files.items()
            if after.files.get(oid, file) != file
        )

    def built(self, after):
        """Tables with an index in a file that was not there; one that only changed its name or owner keeps its file."""
        return sorted(
            {
                self.tables[table]
                for file, table in after.indexes.items()
                if file not in self.indexes and table in self.tables
            }
        )


def wait_until_blocked(observer, pid, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        (blockers,) = observer.execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone()
        if blockers:
            return
        time.sleep(0.01)
    raise TimeoutError(f"the statement did not wait within {seconds} seconds")


def strongest(held, tables):
    modes = {}
    for relation, mode in held:
        if relation in tables:
            name = tables[relation]
            modes[name] = max(modes.get(name, mode), mode, key=MODES.index)
    return modes


def change_types(connection, changes):
    """What each `[from, to]` does to a column of a table: 'free', 'rewrite' or 'impossible'."""
    return [change_type(connection, before, after) for before, after in changes]


def change_type(connection, before, after):
    connection.execute("DROP TABLE IF EXISTS t")
    connection.execute(f"CREATE TABLE t (c {before})")
    file = "SELECT pg_relation_filenode('t')"
    before_file = connection.execute(file).fetchone()
    try:
        connection.execute(
            f"ALTER TABLE t ALTER COLUMN c TYPE {after} USING c::{after}"
        )
    except psycopg.errors.CannotCoerce:
        return "impossible"
    return "free" if connection.execute(file).fetchone() == before_file else "rewrite"
