import os
from datetime import datetime, timezone

from django.db import migrations

# The day we changed to the new mail provider.
MOVED_ON = datetime(2024, 3, 1, tzinfo=timezone.utc)


def forget_deliveries(apps, schema_editor):
    Delivery = apps.get_model("newsletter", "Delivery")
    # The statistics start again with the new provider.
    Delivery.objects.all().delete()


def forget_old_bounces(apps, schema_editor):
    Subscriber = apps.get_model("newsletter", "Subscriber")
    Subscriber.objects.filter(bounced_at__lt=MOVED_ON).delete()


def empty_import_queue(apps, schema_editor):
    ImportRow = apps.get_model("newsletter", "ImportRow")
    if not ImportRow.objects.exists():
        return
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError(
            "This migration deletes every row of newsletter_importrow. "
            "Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to let it."
        )
    ImportRow.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("newsletter", "0002_reset_preferences"),
    ]

    operations = [
        migrations.RunPython(forget_deliveries, migrations.RunPython.noop),
        migrations.RunPython(forget_old_bounces, migrations.RunPython.noop),
        migrations.RunPython(empty_import_queue, migrations.RunPython.noop),
    ]
