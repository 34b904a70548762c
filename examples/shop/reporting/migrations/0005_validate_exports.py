from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0004_sane_numbers"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE reporting_export VALIDATE CONSTRAINT reporting_export_finished",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
