from django.db import models


class PriceList(models.Model):
    valid_from = models.DateField()
    supplier_name = models.CharField(max_length=120, null=True)
