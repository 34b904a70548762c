"""The Alembic environment in the folder of a request."""

import io
from contextlib import contextmanager
from unittest import mock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError


class NoGraph(Exception):
    """The files do not make a graph: each command of Alembic ends before it has begun."""


def config_of(request, output=None, url=None):
    config = Config("alembic.ini", stdout=io.StringIO(), output_buffer=output)
    config.set_main_option("sqlalchemy.url", (url or url_of(request)).replace("%", "%%"))
    return config


def url_of(request):
    server = request["server"]
    return f"postgresql+psycopg://{server['USER']}@/{request['database']}?host={server['HOST']}"


def script_of(config):
    script = ScriptDirectory.from_config(config)
    try:
        script.get_heads()
        list(script.walk_revisions())
    except (KeyError, RevisionError, CommandError) as error:
        raise NoGraph(f"{type(error).__name__}: {error}") from error
    return script


def parents_of(revision):
    return revision._all_down_revisions


def ordered(script):
    """All revisions by id, parents first."""
    known = {each.revision: each for each in script.walk_revisions()}
    done = {}
    waiting = [known[each] for each in sorted(known)]
    while waiting:
        ready = [each for each in waiting if all(parent in done for parent in parents_of(each))]
        done.update((each.revision, each) for each in ready)
        waiting = [each for each in waiting if each not in ready]
    return list(done.values())


def with_ancestors(script, revisions):
    found = {}
    waiting = list(revisions)
    while waiting:
        revision = script.get_revision(waiting.pop())
        if revision is not None and revision.revision not in found:
            found[revision.revision] = revision
            waiting += parents_of(revision)
    return set(found)


def run(config, script, steps):
    """Run steps as a command does that has found out which ones are to be run."""
    with EnvironmentContext(config, script, fn=lambda revision, context: steps, dont_mutate=True):
        script.run_env()


@contextmanager
def everything_at_once():
    """Each statement commits by itself, also what cannot run in a transaction."""
    configure = EnvironmentContext.configure

    def configure_leniently(self, connection=None, **options):
        if connection is not None:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        return configure(self, connection=connection, **options)

    with mock.patch.object(EnvironmentContext, "configure", configure_leniently):
        yield
