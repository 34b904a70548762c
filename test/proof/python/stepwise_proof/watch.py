"""Looks at a migration from outside, just before it commits: who has to wait for it, and whether for long."""

from contextlib import contextmanager

import psycopg

from stepwise_proof.locks import SCANS, Relations, quoted


@contextmanager
def watched(connect, before_commit):
    """Yields what is found out: `reads` and `writes` name tables that wait, `busy` those that wait for work on them.

    `before_commit` is given a function, which is to be called with the connection just before a migration commits.
    """
    seen = {"reads": [], "writes": [], "busy": []}
    with connect() as observer:
        before = Relations(observer)

        def look_once_more(own):
            for what, names in look(observer, own, before).items():
                seen[what] = sorted({*seen[what], *names})

        with before_commit(look_once_more):
            yield seen


def look(observer, own, before):
    writes = [name for name in before.lockable() if waits(observer, name, "ROW EXCLUSIVE")]
    reads = [name for name in writes if waits(observer, name, "ACCESS SHARE")]
    if not writes:
        return {}
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
