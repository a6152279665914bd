"""Find help, as kept: organisations, places, services, where they came from, what happened to them.

What a record holds beyond the columns asked for by queries stands in `body`, the JSON of `directory/body.py`: reading 50,000 services is
one pass over one table. Identifiers are UUIDs as text, as in the feeds.
"""

from __future__ import annotations

from django.db import models

ID = 36  # characters of a UUID


class Organization(models.Model):
    id = models.CharField(primary_key=True, max_length=ID)
    name = models.CharField(max_length=300, db_index=True)
    kind = models.CharField(max_length=20, blank=True)
    body = models.JSONField()

    class Meta:
        db_table = "directory_organization"


class Location(models.Model):
    """A place. `confidential` places have no address, no coordinates and no postcode: the database itself insists."""

    id = models.CharField(primary_key=True, max_length=ID)
    name = models.CharField(max_length=300, blank=True)
    location_type = models.CharField(max_length=10)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    postcode = models.CharField(max_length=10, blank=True, db_index=True)
    district = models.CharField(max_length=9, blank=True, db_index=True)
    confidential = models.BooleanField(default=False)
    external_identifier = models.CharField(max_length=60, blank=True, db_index=True)
    body = models.JSONField()

    class Meta:
        db_table = "directory_location"
        constraints = [
            models.CheckConstraint(
                name="a_confidential_place_has_no_address",
                condition=models.Q(confidential=False) | models.Q(postcode="", latitude=None, longitude=None),
            )
        ]


class Service(models.Model):
    id = models.CharField(primary_key=True, max_length=ID)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=300, db_index=True)
    status = models.CharField(max_length=20)
    state = models.CharField(max_length=10, db_index=True)
    layer = models.CharField(max_length=12, default="services")
    minimum_age = models.IntegerField(null=True)
    maximum_age = models.IntegerField(null=True)
    free = models.BooleanField(null=True)
    assured_on = models.DateField(null=True, db_index=True)
    last_modified = models.DateTimeField(db_index=True)
    invented = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    body = models.JSONField()

    class Meta:
        db_table = "directory_service"


class ServiceAtLocation(models.Model):
    id = models.CharField(primary_key=True, max_length=ID)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at")
    position = models.IntegerField(default=0)
    body = models.JSONField()

    class Meta:
        db_table = "directory_service_at_location"


class ServiceNeed(models.Model):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="tags")
    need = models.CharField(max_length=40, db_index=True)

    class Meta:
        db_table = "directory_service_need"
        constraints = [models.UniqueConstraint(fields=["service", "need"], name="a_need_once")]


class ServiceCoverage(models.Model):
    """Codes of the areas where people must live, one a row."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="covers")
    area = models.CharField(max_length=9, db_index=True)

    class Meta:
        db_table = "directory_service_coverage"
        constraints = [models.UniqueConstraint(fields=["service", "area"], name="an_area_once")]


class SourceRecord(models.Model):
    """What one publisher said of a service when it was last read. Two publishers of one service stand side by side."""

    source = models.CharField(max_length=300)
    source_id = models.CharField(max_length=300)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="sources")
    imported_on = models.DateField()
    fingerprint = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        db_table = "directory_source_record"
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="a_source_record_once")]


class Event(models.Model):
    """That something was done: by whom, when, what, why, and the values before and after."""

    at = models.DateTimeField(db_index=True)
    actor_kind = models.CharField(max_length=10)
    actor = models.CharField(max_length=300, blank=True)
    what = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=20)  # service, report, task, merge, link, contact
    subject_id = models.CharField(max_length=60)
    why = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        db_table = "directory_event"
        indexes = [models.Index(fields=["subject", "subject_id"], name="directory_event_subject")]


class OwnerContact(models.Model):
    """Whom to ask whether an entry is still right. Private: in no feed, no dump, no page but the owner's."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="owners")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField()
    fallback = models.BooleanField(default=False)  # the commissioner, asked when the owner does not answer

    class Meta:
        db_table = "directory_owner_contact"
        constraints = [models.UniqueConstraint(fields=["service", "email"], name="an_owner_once")]


class OneTimeLink(models.Model):
    """A signed link that works once. Only the digest of its token is kept."""

    digest = models.CharField(primary_key=True, max_length=64)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "directory_one_time_link"


class Reminder(models.Model):
    """That a rung of the ladder was climbed for one assurance: each rung once."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reminders")
    counted_from = models.DateField()
    day = models.IntegerField()
    at = models.DateTimeField()
    recipients = models.IntegerField(default=0)

    class Meta:
        db_table = "directory_reminder"
        constraints = [models.UniqueConstraint(fields=["service", "counted_from", "day"], name="a_rung_once")]


class Report(models.Model):
    """ "Something wrong?": what somebody without an account said of an entry. `code` is theirs to follow it with."""

    code = models.CharField(primary_key=True, max_length=12)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    due_on = models.DateField()
    settled_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "directory_report"


class Task(models.Model):
    """Something for the directory's team: a failed check, an entry nobody answers for. `key` keeps one open task for one cause."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30, db_index=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="tasks")
    found = models.TextField()
    remedy = models.TextField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "directory_task"


class MergeProposal(models.Model):
    """Two entries that may be one service, for a person to decide."""

    kept = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="merges_into")
    other = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="merges_from")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    made_at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True)  # merged, different
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "directory_merge_proposal"
        constraints = [models.UniqueConstraint(fields=["kept", "other"], name="a_pair_once")]


class SearchTally(models.Model):
    """How often a need was looked for in a coarse area on a day: never the words, the person or the place."""

    day = models.DateField()
    need = models.CharField(max_length=40)
    area = models.CharField(max_length=9, blank=True)
    searches = models.IntegerField(default=0)
    found_nothing = models.IntegerField(default=0)

    class Meta:
        db_table = "directory_search_tally"
        constraints = [models.UniqueConstraint(fields=["day", "need", "area"], name="a_search_tally_once")]


class HelpTally(models.Model):
    """Answers to "did you find help?" by need, coarse area and day."""

    day = models.DateField()
    need = models.CharField(max_length=40)
    area = models.CharField(max_length=9, blank=True)
    yes = models.IntegerField(default=0)
    no = models.IntegerField(default=0)

    class Meta:
        db_table = "directory_help_tally"
        constraints = [models.UniqueConstraint(fields=["day", "need", "area"], name="a_help_tally_once")]
