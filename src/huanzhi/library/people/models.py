"""Tables of organisations, people and their roles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record
from huanzhi.library.rights import Placing

SESSION_SALT = "huanzhi.library.people.session"


class Organisation(Record):
    """A body 机构: a government department, a township, an enterprise, a service firm."""

    KIND: ClassVar[str] = "organisation"
    RIGHTS: ClassVar[Placing] = Placing(region="region__path", owner="code")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")


class People(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""


class Person(AbstractBaseUser, Record):
    """A person who may sign in 用户.

    Attributes
    ----------
    must_change : bool
        The password was given by somebody else and has to be changed first.
    epoch : int
        Rises to end every session of the person.
    subject : str
        Issuer and subject by which an identity provider knows the person; empty where none does.
    """

    KIND: ClassVar[str] = "person"
    RIGHTS: ClassVar[Placing] = Placing(region="organisation__region__path", owner="organisation__code")
    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)
    epoch = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=400, blank=True)

    objects = People()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"], condition=~models.Q(subject=""), name="people_person_subject"
            )
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password and to the epoch."""
        bound = f"{self.password}:{self.epoch}"
        return salted_hmac(SESSION_SALT, bound, secret=secret, algorithm="sha256").hexdigest()


class Grant(Record):
    """A role that a person holds in a region subtree 授权."""

    KIND: ClassVar[str] = "grant"
    KEY: ClassVar[str] = "pk"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)


class Failure(models.Model):
    """A try to sign in that has not succeeded 登录失败; what throttling counts."""

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name", "at"]),
            models.Index(fields=["address", "at"]),
        ]


class ApiKey(Record):
    """A key of a program 接口密钥, ``hz_<code>_<secret>``; only the digest of its secret is kept.

    Attributes
    ----------
    scopes : str
        Scopes, parted by commas; see `huanzhi.library.rights.scopes`.
    places : str
        How the codes of the places begin that it may write; empty for all.
    region : Region, optional
        Where its scopes hold; everywhere where there is none.
    ended, expires, last_used : datetime, optional
        When it was ended, ends by itself, and was used last (to the minute).
    """

    KIND: ClassVar[str] = "key"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=1000)
    places = models.CharField(max_length=100, blank=True)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    made = models.DateTimeField()
    expires = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)
