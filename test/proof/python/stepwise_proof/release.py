"""A release of an application: it knows the models of one moment, and reads and writes rows through them.

What it cannot do any more is told, not raised: `shop.Order: insert: ProgrammingError: column … does not exist`.
"""

import datetime
import decimal
import uuid

from django.db import models, transaction


def of_state(state):
    known = [
        model
        for model in state.apps.get_models()
        if is_written(model._meta)
    ]
    return Release(in_order_of_references(known))


def is_written(meta):
    """Rows of a model that inherits columns are in several tables: nobody makes those up here."""
    return meta.managed and not (meta.proxy or meta.swapped or meta.parents)


def in_order_of_references(known):
    done = []
    waiting = list(known)
    while waiting:
        ready = [m for m in waiting if not references(m) & set(waiting) - {m}]
        # Models that refer to each other: the first of them has to do without.
        ready = ready or waiting[:1]
        done += ready
        waiting = [m for m in waiting if m not in ready]
    return done


def references(model):
    return {
        field.remote_field.model
        for field in model._meta.concrete_fields
        if field.remote_field
    }


class Release:
    def __init__(self, known):
        self.known = known

    def serve(self, rows):
        """Read, insert and update with each model; answers what failed."""
        failures = []
        for model in self.known:
            for action in (read, insert_all, insert_least):
                try:
                    with transaction.atomic():
                        action(model, rows)
                except Exception as error:  # whatever the database says
                    failures.append(failure(model, action, error))
        return failures


def failure(model, action, error):
    message = str(error).strip().split("\n")[0]
    return f"{model._meta.label}: {action.__name__}: {type(error).__name__}: {message}"


def read(model, rows):
    list(model._base_manager.all()[:2])


def insert_all(model, rows):
    """A row with a value in every column, saved once more."""
    values = {field.attname: value_of(field, rows.next()) for field in columns_of(model)}
    instance = write(model, values, rows)
    instance.save(force_update=True)


def insert_least(model, rows):
    """A row with no more than what has to be given; models fill in the rest as they always do."""
    needed = [
        field
        for field in columns_of(model)
        if not (field.null or field.has_default() or has_database_default(field))
        and (field.remote_field or not field.blank or not field.empty_strings_allowed)
    ]
    write(model, {field.attname: value_of(field, rows.next()) for field in needed}, rows)


def write(model, values, rows):
    values = {name: value for name, value in values.items() if value is not None}
    key = model._meta.pk
    if key.attname not in values and isinstance(key, models.AutoField):
        values[key.attname] = number_in(key, rows.next())
    instance = model(**values)
    instance.save(force_insert=True)
    rows.keys.append([model._meta.db_table, str(instance.pk)])
    return instance


def columns_of(model):
    return [
        field
        for field in model._meta.local_concrete_fields
        if not getattr(field, "generated", False) and not isinstance(field, models.AutoField)
    ]


def has_database_default(field):
    absent = models.NOT_PROVIDED
    return getattr(field, "db_default", absent) is not absent


def value_of(field, number):
    if field.remote_field:
        return reference_of(field)
    if field.choices and not field.unique:
        return field.flatchoices[0][0]
    return plain_value(field, number)


def reference_of(field):
    """A row that is there; where each may be referred to once, one that is not referred to yet."""
    target = field.target_field
    known = target.model._base_manager.values_list(target.attname, flat=True)
    if field.unique:
        taken = field.model._base_manager.values_list(field.attname, flat=True)
        known = known.exclude(**{f"{target.attname}__in": [each for each in taken if each]})
    return known.order_by(target.attname).last()


def plain_value(field, number):
    kind = field.get_internal_type()
    if kind in TEXTS:
        text = TEXTS[kind](number)
        return text if not field.max_length else text[-field.max_length :]
    if kind in VALUES:
        return VALUES[kind](number)
    if kind == "DecimalField":
        digits = field.max_digits - field.decimal_places
        return decimal.Decimal(number % 10 ** min(digits, 9))
    if "IntegerField" in kind:
        return number_in(field, number)
    if kind == "ArrayField":
        return []
    raise NotImplementedError(f"no value is known for a {kind}")


def number_in(field, number):
    kind = field.get_internal_type()
    return number % 32000 if "Small" in kind else number


def moment(number):
    start = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
    return start + datetime.timedelta(seconds=number)


TEXTS = {
    "CharField": lambda number: f"value {number}",
    "TextField": lambda number: f"value {number}",
    "SlugField": lambda number: f"value-{number}",
    "EmailField": lambda number: f"{number}@example.com",
    "URLField": lambda number: f"https://example.com/{number}",
    "FileField": lambda number: f"file-{number}",
    "ImageField": lambda number: f"file-{number}",
    "FilePathField": lambda number: f"file-{number}",
}

VALUES = {
    "BooleanField": lambda number: number % 2 == 0,
    "NullBooleanField": lambda number: number % 2 == 0,
    "FloatField": float,
    "DateField": lambda number: moment(number).date(),
    "DateTimeField": moment,
    "TimeField": lambda number: moment(number).time(),
    "DurationField": lambda number: datetime.timedelta(seconds=number),
    "UUIDField": lambda number: uuid.UUID(int=number),
    "JSONField": lambda number: {"number": number},
    "BinaryField": lambda number: str(number).encode(),
    "GenericIPAddressField": lambda number: "192.0.2.1",
    "IPAddressField": lambda number: "192.0.2.1",
}

