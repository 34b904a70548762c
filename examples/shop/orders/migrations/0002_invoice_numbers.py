from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0001_initial"),
    ]

    operations = [
        # The tax office asks for numbers without gaps, one series a country.
        migrations.RunSQL("CREATE SEQUENCE orders_invoice_number_de START 100000"),
        migrations.RunSQL(
            "CREATE SEQUENCE orders_invoice_number_at START 500000",
            reverse_sql="DROP SEQUENCE orders_invoice_number_at",
        ),
    ]
