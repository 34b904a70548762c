from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        # Couriers send text messages, so this must be a mobile number.
        migrations.RenameField(
            model_name="customer",
            old_name="phone",
            new_name="mobile",
        ),
        # A new name in Python only: the column keeps the one that the running
        # release asks for.
        migrations.AlterField(
            model_name="customer",
            name="email_address",
            field=models.EmailField(
                db_column="email_address", max_length=254, unique=True
            ),
        ),
        migrations.RenameField(
            model_name="customer",
            old_name="email_address",
            new_name="email",
        ),
    ]
