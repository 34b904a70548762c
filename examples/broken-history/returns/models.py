from django.db import models


class Return(models.Model):
    order_number = models.CharField(max_length=20)
    reason = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
