from django.db import models


class Bin(models.Model):
    shelf = models.CharField(max_length=12)
    capacity = models.IntegerField(null=True)
    is_cooled = models.BooleanField(null=True)
