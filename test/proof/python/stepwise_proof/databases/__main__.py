"""Runs SQL for the proof, without a framework: it starts in no time."""

from stepwise_proof import database
from stepwise_proof.serving import serve


def nothing(*_):
    """There is no project."""


if __name__ == "__main__":
    serve(database.COMMANDS, nothing, nothing)
