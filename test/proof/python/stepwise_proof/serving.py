"""Serves requests of the proof: one JSON request a line on stdin, one JSON answer a line on stdout.

What is imported before `serve` is imported once. Every request with a project is served by a fork of this process, so
each one has a project and a database of its own and leaves nothing behind for the next.
A request names a database, a project (optional) and commands that run in order until one fails.
"""

import gc
import json
import os
import sys
import traceback

from stepwise_proof import database


def serve(commands, set_up, close):
    """Serve until stdin ends; `set_up` is called where a request has a project, `close` after each request."""
    output = sys.stdout
    # What a project prints must not end up between the answers.
    sys.stdout = sys.stderr
    # What is imported stays: the collector of a fork must not touch, and so copy, all of it.
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        serve_one(line, output, lambda request: answer(request, commands, set_up, close))


def answer(request, commands, set_up, close):
    results = []
    try:
        if "project" in request:
            enter_project(request)
            set_up(request)
        for command in request["commands"]:
            results.append(commands[command["do"]](request, command))
    except BaseException as error:  # a migration may raise anything, SystemExit too
        return {
            "results": results,
            "error": {
                "type": type(error).__name__,
                "message": str(error),
                "traceback": traceback.format_exc(),
            },
        }
    finally:
        # A database that somebody is connected to cannot be copied.
        database.disconnect(request)
        close()
    return {"results": results}


def enter_project(request):
    sys.path.insert(0, request["project"])
    os.chdir(request["project"])
    os.environ.update(request.get("environment", {}))
    sys.dont_write_bytecode = True


def serve_one(line, output, answered):
    """Answer one request, from a fork where it is about a project; the parent waits, so answers keep their order."""
    request = json.loads(line)
    if "project" not in request:
        write(answered(request), output)
        return
    child = os.fork()
    if child == 0:
        write(answered(request), output)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        death = {
            "type": "ProcessDied",
            "message": f"exit status {status}",
            "traceback": "",
        }
        write({"results": [], "error": death}, output)


def write(reply, output):
    output.write(json.dumps(reply) + "\n")
    output.flush()
