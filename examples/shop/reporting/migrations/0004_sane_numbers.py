from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0003_faster_exports"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE reporting_salesday"
            " ADD CONSTRAINT reporting_salesday_revenue CHECK (revenue >= 0)",
            reverse_sql="ALTER TABLE reporting_salesday"
            " DROP CONSTRAINT reporting_salesday_revenue",
        ),
        # The safe form: rows that are there are checked by the next migration, while others write.
        migrations.RunSQL(
            "ALTER TABLE reporting_export ADD CONSTRAINT reporting_export_finished"
            " CHECK (state <> 'done' OR finished_at IS NOT NULL) NOT VALID",
            reverse_sql="ALTER TABLE reporting_export DROP CONSTRAINT reporting_export_finished",
        ),
    ]
