from django.db import models


class Supplier(models.Model):
    name = models.CharField(max_length=120)
    discount_percent = models.IntegerField(null=True)
