from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("reporting", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            """
            -- The importer asks for the last row of a source.
            CREATE INDEX reporting_importedrow_source
                ON reporting_importedrow (source, imported_at DESC);
            """,
            reverse_sql="DROP INDEX reporting_importedrow_source",
        ),
    ]
