"""Made-up accounts, which nobody can sign in to, and guests; those of one seed are made once."""

import random
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Guest, User

BATCH = 1000
# Of ten people so many have an account.
ACCOUNTS_OF_TEN = 7

_FIRST = (
    "Ada", "Aino", "Amara", "Bao", "Carlos", "Chidi", "Dilnoza", "Elif", "Émile", "Farid", "Greta", "Hana", "Ines",
    "Jonas", "Kavya", "Lech", "Mina", "Noor", "Olga", "Pilar", "Quentin", "Rosa", "Sven", "Tomoko", "Uma", "Violeta",
    "Wanjiru", "Yusuf", "Zoë",
)  # fmt: skip
_LAST = (
    "Abebe", "Berg", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito", "Jensen", "Kowalska",
    "Lindqvist", "Mbeki", "Novak", "Okafor", "Petrov", "Quiroga", "Rossi", "Schäfer", "Tanaka", "Ueda", "Vogel",
    "Wójcik", "Yılmaz",
)  # fmt: skip

# Somebody who writes: an account's id, or a guest's with the name to show.
Writer = tuple[int | None, int | None, str]


def writers(seed: int, number: int, since: datetime) -> list[Writer]:
    """So many people, those of `seed` that are there first; who is new came before `since`."""
    chance = random.Random(f"people {seed}")  # noqa: S311  the same each time, on purpose
    names = [f"{chance.choice(_FIRST)} {chance.choice(_LAST)}" for _ in range(number)]
    accounts = [at for at in range(number) if at % 10 < ACCOUNTS_OF_TEN]
    guests = [at for at in range(number) if at % 10 >= ACCOUNTS_OF_TEN]
    users = _accounts(seed, accounts, names, since)
    known = _guests(seed, guests, since)
    return [(users[at], None, "") if at in users else (None, known[at], names[at]) for at in range(number)]


def _accounts(seed: int, numbers: Sequence[int], names: Sequence[str], since: datetime) -> dict[int, int]:
    """Ids by number."""
    handles = {f"seed-{seed}-{at}": at for at in numbers}
    there = dict(User.objects.filter(username__startswith=f"seed-{seed}-").values_list("username", "pk"))
    password = make_password(None)
    new = [
        User(
            username=handle,
            email=f"{handle}@example.org",
            name=names[at],
            password=password,
            wants_reply_mail=False,
            date_joined=since,
        )
        for handle, at in handles.items()
        if handle not in there
    ]
    for at in range(0, len(new), BATCH):
        with transaction.atomic():
            there |= {user.username: user.pk for user in User.objects.bulk_create(new[at : at + BATCH])}
    return {at: there[handle] for handle, at in handles.items()}


def _guests(seed: int, numbers: Sequence[int], since: datetime) -> dict[int, int]:
    addresses = {f"seed-{seed}-guest-{at}@example.org": at for at in numbers}
    there = dict(Guest.objects.filter(email__startswith=f"seed-{seed}-guest-").values_list("email", "pk"))
    new = [Guest(email=email, proven_at=since, created_at=since) for email in addresses if email not in there]
    for at in range(0, len(new), BATCH):
        with transaction.atomic():
            there |= {guest.email: guest.pk for guest in Guest.objects.bulk_create(new[at : at + BATCH])}
    return {at: there[email] for email, at in addresses.items()}
