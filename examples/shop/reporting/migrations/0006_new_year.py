from django.conf import settings
from django.db import migrations


def forget_imports(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM reporting_importedrow")


def note_currency(apps, schema_editor):
    currency = getattr(settings, "SHOP_CURRENCY", "EUR")
    schema_editor.execute(
        f"UPDATE reporting_salesday SET currency = '{currency}' WHERE currency = ''"
    )


def note_channel(apps, schema_editor):
    channel = getattr(settings, "SHOP_CHANNEL", "web")
    schema_editor.execute(
        "UPDATE reporting_salesday SET channel = %s WHERE channel = ''", [channel]
    )


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0005_validate_exports"),
    ]

    operations = [
        migrations.RunPython(forget_imports, migrations.RunPython.noop),
        migrations.RunPython(note_currency, migrations.RunPython.noop),
        migrations.RunPython(note_channel, migrations.RunPython.noop),
        migrations.RunSQL(
            "TRUNCATE reporting_export RESTART IDENTITY",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
