"""Boards, departments, units, people, roles, contact persons and one-time links."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from uppsikt.kernel.machine import Machine
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.rules import FOR_POLITICIANS, Role
from uppsikt.organisation.states import SHEET


class Board(models.Model):
    """A nämnd: an authority of its own, and the owner of its records."""

    name = models.CharField(_("namn"), max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A förvaltning under a board."""

    name = models.CharField(_("namn"), max_length=120, unique=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="departments")

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An enhet or verksamhet under a department: what a channel belongs to (D5)."""

    name = models.CharField(_("namn"), max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="units")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "name"], name="unit_once_in_department"),
        ]

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    """Makes people; those who are made without a password log in by one-time link."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A new person, saved."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who works for the municipality, and may log in."""

    email = models.EmailField(_("e-post"), unique=True)
    name = models.CharField(_("namn"), max_length=120)
    title = models.CharField(_("titel"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people", null=True, blank=True)
    phone = models.CharField(_("telefon"), max_length=40, blank=True)
    is_active = models.BooleanField(_("aktiv"), default=True)
    language = models.CharField(_("språk"), max_length=5, default="sv")
    # Elected to a political post: has no part in running a channel, whatever roles and mandates there are (D34).
    politician = models.BooleanField(_("förtroendevald"), default=False, db_default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = People()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name"], name="person_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def doer(self) -> Doer:
        """The person as the trail knows them."""
        return Doer(f"person:{self.pk}", self.name)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles in force now, on any unit."""
        return frozenset(grant.role for grant in self.grants_now)

    @cached_property
    def grants_now(self) -> list[RoleGrant]:
        """The grants in force now."""
        return list(RoleGrant.objects.in_force(timezone.now()).filter(person=self)) if self.is_active else []

    def units_as(self, role: str) -> frozenset[int] | None:
        """The units on which the role is held now; None stands for all units."""
        held = [grant.unit_id for grant in self.grants_now if grant.role == role]
        return None if None in held else frozenset(unit for unit in held if unit is not None)

    def signature(self) -> tuple[str, str, str]:
        """Name, title and unit: what an answer is signed with (D22, D36)."""
        return self.name, self.title, self.unit.name if self.unit else ""


class InForce(models.QuerySet["RoleGrant"]):
    """Grants by time."""

    def in_force(self, at: Any) -> InForce:
        """Those that hold at a time. Somebody elected holds none that a politician may not have (D34)."""
        fit = models.Q(person__politician=False) | models.Q(role__in=FOR_POLITICIANS)
        return self.filter(models.Q(until=None) | models.Q(until__gt=at), fit, since__lte=at)


class RoleGrant(models.Model):
    """A role given to a person on a unit, or for all."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class Contact(models.Model):
    """A department's contact person for questions that need fast answers (D4)."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(_("frågor om"), max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(_("ordning"), default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "person", "matter"], name="contact_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.department})"


class Absence(models.Model):
    """Somebody is away, and somebody else sees to what is theirs: nobody is away without cover (D27)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    cover = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    noted_at = models.DateTimeField()
    # Ended before its time, or never begun.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "until"], name="absence_person", condition=models.Q(ended_at=None)),
            models.Index(fields=["cover", "until"], name="absence_cover", condition=models.Q(ended_at=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(cover=models.F("person")), name="absence_covered_by_another"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="absence_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"


class SheetIn(models.Model):
    """A spreadsheet that was handed in: looked through first, then taken in by a job.

    Its bytes are let go once it is taken in, or after a day: what they changed is in the trail.
    """

    machine: ClassVar[Machine] = SHEET

    # What it holds: "people", or what a room above takes in (`sheets_in.Sort`).
    sort = models.CharField(max_length=20, default="people", db_default="people")
    name = models.CharField(max_length=200)
    body = models.BinaryField()
    state = models.CharField(max_length=10, default=SHEET.start)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=sorted(SHEET.states)), name="sheet_state_known"),
        ]

    def __str__(self) -> str:
        return self.name


class LoginTries(models.Model):
    """Wrong passwords for an address of late, and whether it is locked. Only a digest of the address is kept."""

    key = models.CharField(max_length=64, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # How many times it has been locked, since it was quiet for a day.
    times = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key[:8]


class LoginLink(models.Model):
    """A link that logs one person in, once. Only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link for {self.person}"
