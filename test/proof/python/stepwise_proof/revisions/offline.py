"""What `alembic upgrade --sql` prints of each revision, and `downgrade --sql` where it is asked for."""

import io
import traceback

from alembic import command as alembic_command

from stepwise_proof.revisions.environment import config_of, ordered, parents_of, script_of

DIALECTS = {
    "postgresql": "postgresql+psycopg://",
    "mysql": "mysql://",
    "mariadb": "mariadb://",
    "sqlite": "sqlite://",
}


def sql_of_revisions(request, command):
    """Each revision by itself, also where another one before it cannot be printed."""
    url = DIALECTS[command.get("dialect", "postgresql")]
    script = script_of(config_of(request))
    ids = [each.revision for each in script._load_revisions()]
    # Of two files with one id Alembic keeps the one that it reads last.
    is_told = len(ids) == len(set(ids))
    return [told_of(request, revision, url, command.get("back")) for revision in ordered(script) if is_told]


def told_of(request, revision, url, back):
    one = {"app": "", "name": revision.revision}
    output = io.StringIO()
    parents = parents_of(revision)
    if len(parents) > 1:
        # It cannot begin behind several revisions, and would print the branches.
        return one
    try:
        base = next(iter(parents), "base")
        alembic_command.upgrade(config_of(request, output, url), f"{base}:{revision.revision}", sql=True)
        one["collected"] = output.getvalue()
        if back:
            output = io.StringIO()
            alembic_command.downgrade(config_of(request, output, url), f"{revision.revision}:{base}", sql=True)
            one["back"] = output.getvalue()
        return one
    except BaseException as error:  # a revision may raise anything
        return {**one, "failure": f"{type(error).__name__}: {error}\n{traceback.format_exc()}"}
