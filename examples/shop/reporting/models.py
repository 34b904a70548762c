from django.db import models


class SalesDay(models.Model):
    day = models.DateField(unique=True)
    revenue = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, db_default="EUR")
    channel = models.CharField(max_length=20, db_default="web")

    def __str__(self):
        return f"{self.day}: {self.revenue} {self.currency}"


class ImportedRow(models.Model):
    source = models.CharField(max_length=40)
    payload = models.TextField()
    imported_at = models.DateTimeField(auto_now_add=True)


class Export(models.Model):
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10)
    finished_at = models.DateTimeField(null=True)
