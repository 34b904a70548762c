from django.db import migrations


def subscribe_everyone_to_offers(apps, schema_editor):
    Preferences = apps.get_model("newsletter", "Preferences")
    # Marketing wants a fresh start for the spring sale.
    Preferences.objects.all().update(special_offers=True)


def set_missing_language(apps, schema_editor):
    Preferences = apps.get_model("newsletter", "Preferences")
    # Only where nobody has chosen yet.
    Preferences.objects.filter(language__isnull=True).update(language="en")


class Migration(migrations.Migration):

    dependencies = [
        ("newsletter", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(subscribe_everyone_to_offers, migrations.RunPython.noop),
        migrations.RunPython(set_missing_language, migrations.RunPython.noop),
    ]
