"""Tables of organisations, people and their roles."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from huanzhi.library.places.models import Region
from huanzhi.library.records.model import Record


class Organisation(Record):
    """A body 机构: a government department, a township, an enterprise, a service firm."""

    KIND: ClassVar[str] = "organisation"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")


class People(BaseUserManager["Person"]):
    """Finds people by the name they sign in with."""


class Person(AbstractBaseUser, Record):
    """A person who may sign in 用户."""

    KIND: ClassVar[str] = "person"
    USERNAME_FIELD = "code"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    objects = People()


class Grant(Record):
    """A role that a person holds in a region subtree 授权."""

    KIND: ClassVar[str] = "grant"
    KEY: ClassVar[str] = "pk"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
