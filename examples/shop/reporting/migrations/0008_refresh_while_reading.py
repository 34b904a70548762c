from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0007_refresh_best_sellers"),
    ]

    operations = [
        # Nobody waits: the unique index tells which rows have changed.
        migrations.RunSQL(
            "REFRESH MATERIALIZED VIEW CONCURRENTLY reporting_best_sellers",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
