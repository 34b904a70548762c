from django.db import models


class Subscriber(models.Model):
    email = models.EmailField(unique=True)
    confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=40, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.email


class Preferences(models.Model):
    subscriber = models.OneToOneField(Subscriber, on_delete=models.CASCADE)
    weekly_digest = models.BooleanField(default=True)
    special_offers = models.BooleanField(null=True)
    language = models.CharField(max_length=5, null=True)

    class Meta:
        verbose_name_plural = "preferences"


class Delivery(models.Model):
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)
    subject = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    opened = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "deliveries"


class ImportRow(models.Model):
    """A line of an uploaded address list, kept until it has been processed."""

    email = models.CharField(max_length=254)
    imported_at = models.DateTimeField(null=True)
