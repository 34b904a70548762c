from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0006_new_year"),
    ]

    operations = [
        # Whoever reads the view waits.
        migrations.RunSQL(
            "REFRESH MATERIALIZED VIEW reporting_best_sellers",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
