from django.db import migrations, models


def auto_id():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SalesDay",
            fields=[
                ("id", auto_id()),
                ("day", models.DateField(unique=True)),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(db_default="EUR", max_length=3)),
                ("channel", models.CharField(db_default="web", max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", auto_id()),
                ("source", models.CharField(max_length=40)),
                ("payload", models.TextField()),
                ("imported_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", auto_id()),
                ("name", models.CharField(max_length=80)),
                ("state", models.CharField(max_length=10)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        # Django has no operation for a view: SQL, with the way back beside it.
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW reporting_best_sellers AS
                SELECT product_id, sum(quantity) AS sold
                FROM orders_orderline
                GROUP BY product_id;
            CREATE UNIQUE INDEX reporting_best_sellers_product
                ON reporting_best_sellers (product_id);
            """,
            reverse_sql="DROP MATERIALIZED VIEW reporting_best_sellers",
        ),
    ]
