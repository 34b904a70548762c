"""Measures what a statement does to the tables that are there: locks, rewrites, scans.

An ordinary statement is measured inside a transaction that is rolled back. A CONCURRENTLY statement cannot
run in one; it is held up by an older transaction and looked at from outside while it waits.
"""
import threading
import time

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
    SELECT c.oid, c.relname, c.relkind, pg_relation_filenode(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i', 'm', 'p')
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
        relations = connection.execute(RELATIONS).fetchall()
        connection.execute("BEGIN")
        scans_before = dict(connection.execute(SCANS).fetchall())
        connection.execute(statement)
        held = connection.execute(LOCKS, [connection.info.backend_pid]).fetchall()
        scans = dict(connection.execute(SCANS).fetchall())
        files = {
            oid: connection.execute("SELECT pg_relation_filenode(%s)", [oid]).fetchone()[0]
            for oid, *_ in relations
        }
        connection.execute("ROLLBACK")
    tables = {oid: name for oid, name, kind, _ in relations if kind != "i"}
    return {
        "locks": strongest(held, tables),
        "rewrites": sorted(
            name
            for oid, name, kind, file in relations
            if kind != "i" and files[oid] not in (None, file)
        ),
        "scans": sorted(
            name
            for oid, name in tables.items()
            if scans.get(oid, 0) > scans_before.get(oid, 0)
        ),
    }


def measure_from_outside(connect, statement):
    with connect() as observer, connect() as worker, connect() as blocker:
        tables = {
            oid: name
            for oid, name, kind, _ in observer.execute(RELATIONS).fetchall()
            if kind != "i"
        }
        blocker.execute("BEGIN")
        for name in tables.values():
            # What a row that is being written holds. The statement waits for it to commit.
            blocker.execute(f'LOCK TABLE "{name}" IN ROW EXCLUSIVE MODE')
        thread = threading.Thread(target=worker.execute, args=[statement])
        thread.start()
        wait_until_blocked(observer, worker.info.backend_pid)
        held = observer.execute(LOCKS, [worker.info.backend_pid]).fetchall()
        blocker.execute("ROLLBACK")
        thread.join()
    return {"locks": strongest(held, tables), "rewrites": [], "scans": []}


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
