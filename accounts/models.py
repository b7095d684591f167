"""People: who signs in, and the tokens their programs use."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from skycrumbs.models import site_changed

NAME_MAX_LENGTH = 60
# What readers see of a person.
_SHOWN = {"name", "is_staff"}


class PeopleManager(UserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """An address in small letters: what sign-in looks for, and what tells two accounts apart."""
        return super().normalize_email(email).lower()

    @transaction.atomic
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """A superuser who can sign in at once: whoever has the shell need not prove the address by mail.

        Raises ValidationError, which `createsuperuser` says in one line, where another account has the address.
        """
        # Its models need ours to be there first.
        from allauth.account.models import EmailAddress

        address = self.normalize_email(email)
        confirmed = EmailAddress.objects.filter(email=address, verified=True)
        if self.filter(email=address).exists() or confirmed.exists():
            raise ValidationError(_("Another account has this address."))
        user = super().create_superuser(username, email, password, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractUser):  # type: ignore[django-manager-missing]  # knox, which is untyped, relates to it
    """A person with an account. `username` is an internal handle and is shown to nobody; `name` is public."""

    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH, help_text=_("Shown beside what you write."))
    email = models.EmailField(_("e-mail address"))
    wants_reply_mail = models.BooleanField(_("mail about replies"), default=True)
    wants_queue_mail = models.BooleanField(
        _("mail about comments that wait"),
        default=True,
        help_text=_("For moderators: at most one in an hour, when something new waits."),
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    objects: ClassVar[PeopleManager] = PeopleManager()

    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_account_per_address"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="an_address_in_small_letters"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Names and badges stand on pages that are kept."""
        is_new, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if not is_new and (fields is None or _SHOWN & set(fields)):
            site_changed()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Guest(models.Model):
    """Somebody without an account, known by an address alone. It is shown and returned nowhere.

    A row says nothing of an account with the same address. `proven_at`: when somebody first followed a link that
    was mailed to it.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    proven_at = models.DateTimeField(null=True, blank=True)
    # Who gave an address to be confirmed is mailed nothing else, unless they ask for it.
    wants_reply_mail = models.BooleanField(_("mail about replies"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    # As a viewer: nobody who is signed in, with no rights.
    is_authenticated = False

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="a_guest_in_small_letters"),
        ]

    def __str__(self) -> str:
        return f"guest {self.pk}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False


class GuestLink(models.Model):
    """A secret that was mailed to a guest, or set as a cookie after one was. Kept as a digest, used once.

    `comment_id` is an id alone, of the comment it is about.
    """

    class Purpose(models.TextChoices):
        # Publish a first text; open one's comments for editing; being the guest for a while, by cookie.
        PROVE = "prove"
        MANAGE = "manage"
        SESSION = "session"

    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, related_name="links")
    comment_id = models.BigIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=7, choices=Purpose.choices)
    # SHA-256 of the secret, in hex: 256 random bits need no slow hash.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.guest}: {self.purpose}"


class ApiToken(AbstractAuthToken):
    """A key for a program that acts as its owner. Kept as a hash; the text of it is shown once, when made."""

    label = models.CharField(_("label"), max_length=60, blank=True)

    objects = AuthTokenManager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.user}: {self.label}"


class LimitWindow(models.Model):
    """How often a key was used in one window of time. `starts_at` is in seconds since 1970, UTC."""

    key = models.CharField(max_length=120)
    starts_at = models.BigIntegerField()
    seconds = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_at", "seconds"], name="one_count_per_window"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class AnsweredRequest(models.Model):
    """A request with an Idempotency-Key that was done, in digests and an id: no words, no address, no key."""

    # SHA-256 in hex: of the sender, the method, the address and the key; and of the body.
    digest = models.CharField(max_length=64, unique=True)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    # Of a comment its public id.
    made_id = models.CharField(max_length=22)
    answered_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.status}: {self.made_id}"
