"""Measures what a statement does to the tables that are there: locks, rewrites, scans, index builds, losses.

An ordinary statement is measured inside a transaction that is rolled back. One that PostgreSQL refuses to run there
is run by itself, again and again, while others hold locks that are in its way: what it asks for is seen while it waits.
"""

import contextlib
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

# Each is in the way of fewer modes than the next one.
OBSTACLES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
)

RELATIONS = r"""
    SELECT c.oid, CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END,
           c.relkind, pg_relation_filenode(c.oid), x.indrelid, coalesce(pg_relation_size(c.oid), 0),
           (SELECT array_agg(attnum) FROM pg_attribute
            WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index x ON x.indexrelid = c.oid
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
      AND c.relkind IN ('r', 'i', 'm', 'p', 'v', 'f')
"""

LOCKS = """
    SELECT relation, mode FROM pg_locks
    WHERE pid = %s AND locktype = 'relation' AND granted = %s
"""

# By id, not by name: a rename would break the comparison.
SCANS = "SELECT relid, seq_scan FROM pg_stat_xact_user_tables"

# A plain VACUUM goes through a table without a scan that is counted as one.
VACUUMS = "SELECT relid, vacuum_count FROM pg_stat_user_tables"


BLOCKING = "SELECT pg_blocking_pids(%s)"


def measure(connect, statement, given):
    """`given` is run before each time that a statement is run by itself: it restores the state before it."""
    try:
        return measure_in_transaction(connect, statement)
    except psycopg.errors.ActiveSqlTransaction:
        return measure_by_itself(connect, statement, given)


def measure_in_transaction(connect, statement):
    with connect() as connection, connect() as observer:
        before = Relations(connection)
        rows_before = before.count_rows(connection)
        connection.execute("BEGIN")
        scans_before = dict(connection.execute(SCANS).fetchall())
        connection.execute(statement)
        held = connection.execute(
            LOCKS, [connection.info.backend_pid, True]
        ).fetchall()
        scans = dict(connection.execute(SCANS).fetchall())
        after = Relations(connection)
        locks = strongest((before.names.get(oid), mode) for oid, mode in held)
        result = {
            "inTransaction": True,
            "locks": locks,
            "rewrites": before.rewritten(after),
            "scans": before.grown(scans_before, scans, after),
            "builds": before.built(after),
            "losses": before.lost(after, rows_before, after.count_rows(connection)),
            "views": before.views(),
            "waitingReads": waiting_reads(observer, before, locks),
        }
        connection.execute("ROLLBACK")
    return result


def waiting_reads(observer, relations, locks):
    """Tables that cannot be read although the lock on the table itself allows it: one on its index does not."""
    observer.execute("SET lock_timeout = '50ms'")
    waiting = []
    for oid, name in relations.names.items():
        mode = locks.get(name, "AccessExclusiveLock")
        if relations.kinds[oid] in "vf" or mode == "AccessExclusiveLock":
            continue
        try:
            observer.execute(f"SELECT 1 FROM ONLY {quoted(name)} LIMIT 1")
        except psycopg.errors.LockNotAvailable:
            waiting.append(name)
    return sorted(waiting)


def measure_by_itself(connect, statement, given):
    asked = []
    for obstacle in OBSTACLES:
        restore(connect, given)
        with connect() as observer:
            before = Relations(observer)
            held = asked_for(connect, observer, statement, obstacle, before)
            # By name: each run has tables of its own.
            asked += [(before.names.get(oid), mode) for oid, mode in held]
    restore(connect, given)
    with connect() as connection:
        before = Relations(connection)
        rows_before = before.count_rows(connection)
        vacuums_before = dict(connection.execute(VACUUMS).fetchall())
        connection.execute(statement)
        flush_statistics(connection)
        vacuums = dict(connection.execute(VACUUMS).fetchall())
        after = Relations(connection)
        return {
            "inTransaction": False,
            "locks": strongest(asked),
            "rewrites": before.rewritten(after),
            "scans": before.grown(vacuums_before, vacuums, after),
            "builds": before.built(after),
            "losses": before.lost(after, rows_before, after.count_rows(connection)),
            "views": before.views(),
            "waitingReads": [],
        }


def flush_statistics(connection):
    """Before PostgreSQL 15 a process of its own gathers them; it is told at the end of a transaction, if not too often."""
    if connection.info.server_version >= 150000:
        connection.execute("SELECT pg_stat_force_next_flush()")
    else:
        time.sleep(1)
        connection.execute("SELECT pg_stat_clear_snapshot()")


def restore(connect, given):
    with connect() as connection:
        for statement in given:
            connection.execute(statement)


def asked_for(connect, observer, statement, obstacle, relations):
    """The locks that the statement waits for while every table is held in one mode; each is let go when it is seen."""
    blockers = {}
    for name in relations.lockable():
        blocker = connect()
        blocker.execute("BEGIN")
        blocker.execute(f"LOCK TABLE ONLY {quoted(name)} IN {obstacle} MODE")
        blockers[blocker.info.backend_pid] = blocker
    worker = connect()
    thread = threading.Thread(target=run, args=[worker, statement], daemon=True)
    thread.start()
    try:
        return waits_of(thread, observer, worker.info.backend_pid, blockers)
    finally:
        for blocker in blockers.values():
            blocker.close()
        thread.join()
        worker.close()


def run(worker, statement):
    # One that is refused is refused again when it is run without obstacles, where somebody listens.
    with contextlib.suppress(psycopg.Error):
        worker.execute(statement)


def waits_of(thread, observer, pid, blockers):
    asked = []
    deadline = time.monotonic() + 10
    while thread.is_alive():
        if time.monotonic() > deadline:
            observer.execute("SELECT pg_cancel_backend(%s)", [pid])
            raise TimeoutError("the statement waits for something else")
        (blocking,) = observer.execute(BLOCKING, [pid]).fetchone()
        # A connection that was closed may be in the way for a moment longer.
        known = [blockers.pop(each) for each in blocking if each in blockers]
        if known:
            asked += observer.execute(LOCKS, [pid, False]).fetchall()
        for blocker in known:
            blocker.close()
        thread.join(0.002)
    return asked


class Relations:
    """The tables, views and indexes at one moment, and the files that hold them."""

    def __init__(self, connection):
        rows = connection.execute(RELATIONS).fetchall()
        tables = [row for row in rows if row[2] != "i"]
        self.names = {row[0]: row[1] for row in tables}
        self.kinds = {row[0]: row[2] for row in tables}
        self.files = {row[0]: row[3] for row in tables}
        self.sizes = {row[0]: row[5] for row in tables}
        self.columns = {row[0]: row[6] or [] for row in tables}
        self.indexes = {row[3]: row[4] for row in rows if row[2] == "i"}

    def lockable(self):
        return [name for oid, name in self.names.items() if self.kinds[oid] in "rp"]

    def count_rows(self, connection):
        return {
            oid: connection.execute(
                f"SELECT count(*) FROM ONLY {quoted(name)}"
            ).fetchone()[0]
            for oid, name in self.names.items()
            if self.kinds[oid] == "r"
        }

    def rewritten(self, after):
        """Tables that are in another file now, with their rows. An empty one was emptied, not written anew."""
        return sorted(
            name
            for oid, name in self.names.items()
            if after.files.get(oid, self.files[oid]) != self.files[oid]
            and after.sizes[oid] > 0
        )

    def built(self, after):
        """Tables with an index in a file that was not there; one that only changed its name or owner keeps its file."""
        return sorted(
            {
                self.names[table]
                for file, table in after.indexes.items()
                if file not in self.indexes
                and table in self.names
                and after.sizes[table] > 0
            }
        )

    def grown(self, counts_before, counts, after):
        """Tables whose counter went up. What was emptied had nothing to read."""
        return sorted(
            name
            for oid, name in self.names.items()
            if counts.get(oid, 0) > counts_before.get(oid, 0)
            and after.sizes.get(oid, 1) > 0
        )

    def views(self):
        return sorted(name for oid, name in self.names.items() if self.kinds[oid] in "vm")

    def lost(self, after, rows_before, rows_after):
        """`table`, `column` or `rows`, whatever of them is fewer than before."""
        losses = set()
        for oid, rows in rows_before.items():
            if oid not in after.names:
                losses.add("table")
            else:
                if set(self.columns[oid]) - set(after.columns[oid]):
                    losses.add("column")
                if rows_after.get(oid, 0) < rows:
                    losses.add("rows")
        return sorted(losses)


def quoted(name):
    return ".".join(f'"{part}"' for part in name.split("."))


def strongest(held):
    modes = {}
    for name, mode in held:
        if name is not None:
            modes[name] = max(modes.get(name, mode), mode, key=MODES.index)
    return modes


def change_types(connection, changes, using):
    """What each `[from, to]` does to a column of a table: 'free', 'rewrite' or 'impossible'."""
    return [change_type(connection, before, after, using) for before, after in changes]


def change_type(connection, before, after, using):
    connection.execute("DROP TABLE IF EXISTS t")
    connection.execute(f"CREATE TABLE t (c {before})")
    file = "SELECT pg_relation_filenode('t')"
    before_file = connection.execute(file).fetchone()
    cast = f" USING c::{after}" if using else ""
    try:
        connection.execute(f"ALTER TABLE t ALTER COLUMN c TYPE {after}{cast}")
    except (psycopg.errors.CannotCoerce, psycopg.errors.DatatypeMismatch):
        return "impossible"
    return "free" if connection.execute(file).fetchone() == before_file else "rewrite"
