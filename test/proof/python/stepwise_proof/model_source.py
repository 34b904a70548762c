"""Writes the models of a project as its migrations leave them, for projects that hold migrations alone."""

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import MigrationWriter


def sources(request, command):
    """The text of `models.py` for each app, by the folder of the app."""
    state = MigrationLoader(connections["default"]).project_state()
    return {
        config.name.replace(".", "/"): source_of(state, config.label)
        for config in apps.get_app_configs()
        if not config.name.startswith("django.")
    }


def source_of(state, label):
    imports = {"from django.db import models"}
    classes = [
        class_of(state, model, imports)
        for (app, _), model in state.models.items()
        if app == label
    ]
    return "\n\n\n".join(["\n".join(sorted(imports)), *classes]) + "\n"


def class_of(state, model, imports):
    bases = ", ".join(base_of(state, base, imports) for base in model.bases)
    lines = [f"class {model.name}({bases}):"]
    for name, field in model.fields.items():
        lines.append(f"    {name} = {written(field, imports)}")
    options = {
        name: value
        for name, value in model.options.items()
        if value or name == "managed"
    }
    if options:
        lines += ["", "    class Meta:"]
        lines += [
            f"        {name} = {written(value, imports)}"
            for name, value in sorted(options.items())
        ]
    if len(lines) == 1:
        lines.append("    pass")
    return "\n".join(lines)


def base_of(state, base, imports):
    """A parent model is named `app.model` in the state."""
    if not isinstance(base, str):
        return written(base, imports)
    return state.models[tuple(base.split("."))].name


def written(value, imports):
    text, needed = MigrationWriter.serialize(value)
    imports.update(needed)
    return text
