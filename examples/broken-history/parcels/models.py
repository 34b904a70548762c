from django.db import models


class Parcel(models.Model):
    barcode = models.CharField(max_length=40)
    packed_at = models.DateTimeField(null=True)
    weight_grams = models.IntegerField(default=0)
    carrier = models.CharField(max_length=40, null=True)
    zone = models.CharField(max_length=8, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["barcode"], name="parcels_parcel_barcode_idx"),
            models.Index(fields=["packed_at"], name="parcels_parcel_packed_at_idx"),
        ]
