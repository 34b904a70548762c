/** A project in which each kind of step is owed once, and each kind has been taken once. */
export const owing = `
# file: manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# file: config/__init__.py
# file: config/settings.py
INSTALLED_APPS = ["shop"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c lock_timeout=5s"}},
}
# file: shop/__init__.py
# file: shop/migrations/__init__.py
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel("Coupon", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Voucher", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("note", models.TextField(null=True)),
                ("memo", models.TextField(null=True)),
                ("code", models.CharField(max_length=9, null=True)),
                ("total", models.IntegerField(null=True)),
                ("coupon", models.BigIntegerField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_leave.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("order", "note"),
                migrations.RemoveField("order", "memo"),
                migrations.DeleteModel("Coupon"),
                migrations.DeleteModel("Voucher"),
            ],
        ),
    ]
# file: shop/migrations/0003_constraints.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_leave")]

    operations = [
        AddConstraintNotValid("order", models.CheckConstraint(condition=models.Q(code__isnull=False), name="code_set")),
        AddConstraintNotValid("order", models.CheckConstraint(condition=models.Q(total__gte=0), name="total_positive")),
        AddConstraintNotValid("order", models.CheckConstraint(condition=models.Q(total__lt=10**6), name="total_sane")),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD CONSTRAINT order_coupon_fk FOREIGN KEY (coupon) REFERENCES shop_coupon NOT VALID",
            "ALTER TABLE shop_order DROP CONSTRAINT order_coupon_fk",
        ),
    ]
# file: shop/migrations/0004_later.py
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_constraints")]

    operations = [
        ValidateConstraint("order", "code_set"),
        migrations.AlterField("order", "code", models.CharField(max_length=9)),
        ValidateConstraint("order", "total_sane"),
        migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN memo", migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE shop_voucher", migrations.RunSQL.noop),
    ]
`;

/** What is owed in it, by place. */
export const owed = [
  'shop/migrations/0002_leave.py:10 The column "note" of "shop_order" has left the state and is still in the database.',
  'shop/migrations/0002_leave.py:12 The table "shop_coupon" has left the state and is still in the database.',
  'shop/migrations/0003_constraints.py:9 "code_set" of "shop_order" has proved that the column holds no NULL, and is still there.',
  'shop/migrations/0003_constraints.py:10 "total_positive" of "shop_order" holds for new rows only: it is not validated yet.',
  'shop/migrations/0003_constraints.py:13 "order_coupon_fk" of "shop_order" holds for new rows only: it is not validated yet.',
];
