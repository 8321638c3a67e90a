"""Tables of petitions, their steps, terms and files; and, apart from them, of informants."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from huanzhi.center.issues.settings import checked as checked_issue_word
from huanzhi.center.petitions.settings import checked, table
from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing


class Petition(Record):
    """A petition 信访举报件, without a word of who made it.

    Attributes
    ----------
    number : str
        ``XF-20261122-0001``: day in China time and a count.
    channel, identity, category, state, level : str
        Words of ``data/settings.toml`` and ``data/states.toml``.
    external : str
        Number that the channel gave it; one petition for each.
    title, words, where, target : str
        Masked: nothing in them tells of the informant. `target` is who is complained of.
    organisation, person : Organisation, Person
        Who has it in hand 承办单位, and the officer.
    issue : str
        Number of the issue that it opened or joined.
    joined_to : Petition, optional
        The petition on the same matter by which it is answered 并案.
    again : int
        The how-manieth petition of the same informant on the same matter 重复信访.
    due, due_step : datetime, str
        The term that ends first of those that run.
    query : str
        Digest of the code by which the informant follows it.
    """

    KIND: ClassVar[str] = "petition"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="organisation__code")

    number = models.CharField(max_length=32, unique=True)
    channel = models.CharField(max_length=20)
    external = models.CharField(max_length=64, blank=True)
    identity = models.CharField(max_length=12, default="anonymous")
    category = models.CharField(max_length=40)
    level = models.CharField(max_length=20, default="general")
    urgent = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    words = models.TextField(max_length=8000, blank=True)
    where = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=200, blank=True)
    enterprise = models.CharField(max_length=64, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    lat = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    state = models.CharField(max_length=20, default="received")
    organisation = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issue = models.CharField(max_length=32, blank=True)
    joined_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )
    again = models.PositiveSmallIntegerField(default=1)
    received = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    replied = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    due_step = models.CharField(max_length=20, blank=True)
    due_note = models.CharField(max_length=60, blank=True)
    extended = models.PositiveSmallIntegerField(default=0)
    escalation = models.CharField(max_length=20, blank=True)
    supervised = models.BooleanField(default=False)
    verdict = models.CharField(max_length=20, blank=True)
    reply = models.TextField(max_length=8000, blank=True)
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    solved = models.CharField(max_length=8, blank=True)
    called = models.CharField(max_length=8, blank=True)
    query = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due"]),
            models.Index(fields=["region", "state", "due"]),
            models.Index(fields=["channel", "received"]),
            models.Index(fields=["category", "received"]),
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["received"]),
            models.Index(fields=["lon", "lat"]),
            models.Index(fields=["issue"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "external"], condition=~models.Q(external=""), name="petitions_external"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        """Check the words of the tables."""
        checked("channel", self.channel, "channel")
        checked("identity", self.identity, "identity")
        checked_issue_word("category", self.category, "category")

    def as_row(self) -> dict[str, Any]:
        """Return the stored fields for history and trail; the digest of the code is nobody's business."""
        return {name: value for name, value in super().as_row().items() if name != "query"}

    @property
    def is_open(self) -> bool:
        """Return whether something is still to be done."""
        return table().states[self.state].open


class Informant(Record):
    """Who made a petition 举报人: sealed, read by its handlers only, each reading noted.

    Attributes
    ----------
    sealed : bytes
        Encrypted: name, phone, address, identity, contact, and the words as they were given.
    given : list of str
        Which of these were given.
    same : str
        Digest by which the same informant is found again; only this installation can make it.
    handlers : people
        Who may read it.
    """

    KIND: ClassVar[str] = "petition_informant"
    KEY: ClassVar[str] = "number"
    RIGHTS: ClassVar[Placing] = Placing(
        region="petition__region__path", handlers="handlers__code", fixed="restricted"
    )

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="informant")
    sealed = models.BinaryField()
    given = models.JSONField(default=list, blank=True)
    same = models.CharField(max_length=64, blank=True, db_index=True)
    handlers = models.ManyToManyField("people.Person", blank=True, related_name="+")

    @property
    def number(self) -> str:
        """Return the number of the petition."""
        return self.petition.number

    def as_row(self) -> dict[str, Any]:
        """Return what history and trail may know: that there is one, and what was given; nothing of it."""
        return {"revision": self.revision, "given": list(self.given), "simulated": self.simulated}


class File(Record):
    """A picture or scan that came with a petition, sealed; for handlers until one passes it on.

    Attributes
    ----------
    passed : bool
        A handler has looked that nothing in it tells of the informant, and gave it to the issue.
    """

    KIND: ClassVar[str] = "petition_file"
    RIGHTS: ClassVar[Placing] = Placing(
        region="petition__region__path", handlers="petition__informant__handlers__code", fixed="restricted"
    )

    code = models.CharField(max_length=40, unique=True)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="files")
    media = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()
    passed = models.BooleanField(default=False)
    received = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def as_row(self) -> dict[str, Any]:
        """Return what history may know."""
        names = ("code", "media", "size", "passed", "revision")
        return {name: getattr(self, name) for name in names}


class Step(models.Model):
    """A step 办理环节 that was taken; never changed; its words are masked."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_name = models.CharField(max_length=200, blank=True)
    transition = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    outputs = models.JSONField(default=dict)
    reason = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["petition", "number"], name="petitions_step_number")
        ]


class Term(models.Model):
    """A term 期限 of a petition, as the rulebook gave it.

    Attributes
    ----------
    step : str
        Step of the rulebook ``petition_clocks``.
    met : datetime, optional
        When what it asks for was done; void where it fell away.
    basis, confidence : str
        On what it stands.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="terms")
    step = models.CharField(max_length=20)
    started = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    day_type = models.CharField(max_length=12)
    due = models.DateTimeField(null=True, blank=True)
    met = models.DateTimeField(null=True, blank=True)
    void = models.BooleanField(default=False)
    basis = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["step", "due"])]


class Counter(models.Model):
    """The last number given on a day."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
