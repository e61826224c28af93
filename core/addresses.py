"""Addresses that a page has many of. Working one out takes Django thirty times as long as remembering it."""

import functools

from django.urls import reverse

MOST_ADDRESSES = 10_000


@functools.lru_cache(MOST_ADDRESSES)
def address_of(name: str, *args: object) -> str:
    """`reverse` for addresses that are the same in every language: those behind the sign-in. Raises NoReverseMatch."""
    return reverse(name, args=args)
