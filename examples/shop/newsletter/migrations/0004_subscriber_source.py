from django.db import migrations

from newsletter.models import Subscriber


def mark_website_subscribers(apps, schema_editor):
    # Whoever confirmed without a source came through the form in the footer.
    Subscriber.objects.filter(source="", confirmed=True).update(source="website")


class Migration(migrations.Migration):

    dependencies = [
        ("newsletter", "0003_clean_up"),
    ]

    operations = [
        migrations.RunPython(mark_website_subscribers),
    ]
