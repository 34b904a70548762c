from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reporting", "0002_faster_imports"),
    ]

    operations = [
        # Each in a string of its own. What a build that failed has left is dropped first.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS reporting_export_state",
                "CREATE INDEX CONCURRENTLY reporting_export_state ON reporting_export (state)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY reporting_export_state",
        ),
    ]
