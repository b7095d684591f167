"""A made-up discussion of any size, to look at and to measure with."""

from comments.seeding.plans import NotSeeded, Plan
from comments.seeding.writing import seed

__all__ = ["NotSeeded", "Plan", "seed"]
