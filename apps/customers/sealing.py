"""ID numbers at rest: sealed with AES-GCM, looked up by a keyed hash (SEC-01).

FIELD_KEYS is a list of ``id:base64 of 32 bytes``. The *first* key seals; every key opens what
carries its id. The hash is keyed by the *last* one, so a new key is put in front and look-up
goes on; retiring the last key means sealing and hashing all rows anew (docs: operations).
"""

import hmac
import re
from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE = 12  # bytes


class CannotOpen(Exception):
    """The key of a sealed value is not among FIELD_KEYS, or the value was changed."""


def seal(plain: str) -> str:
    """``key id:base64``; the same text never looks the same twice. "" stays ""."""
    if not plain:
        return ""
    name, key = next(iter(_keys(tuple(settings.FIELD_KEYS)).items()))
    nonce = urandom(NONCE)
    body = nonce + AESGCM(key).encrypt(nonce, plain.encode(), name.encode())
    return f"{name}:{b64encode(body).decode()}"


def open(sealed: str) -> str:
    """The text again. Raises CannotOpen."""
    if not sealed:
        return ""
    name, _, body = sealed.partition(":")
    key = _keys(tuple(settings.FIELD_KEYS)).get(name)
    if key is None:
        raise CannotOpen(name)
    data = b64decode(body)
    try:
        return AESGCM(key).decrypt(data[:NONCE], data[NONCE:], name.encode()).decode()
    except InvalidTag:
        raise CannotOpen(name) from None


def hash(plain: str) -> str:
    """What equal ID numbers have in common, useless without the key. "" stays ""."""
    plain = "".join(plain.split()).upper()
    if not plain:
        return ""
    *_, key = _keys(tuple(settings.FIELD_KEYS)).values()
    return hmac.new(_hash_key(key), plain.encode(), sha256).hexdigest()


@cache
def _keys(values: tuple[str, ...]) -> dict[str, bytes]:
    keys = {}
    for value in values:
        name, _, body = value.strip().partition(":")
        key = b64decode(body)
        if not name or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS: each key is an id, a colon, base64 of 32 bytes")
        keys[name] = key
    return keys


@cache
def _hash_key(key: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"id-number-hash").derive(key)


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number_holds(number: str) -> bool:
    """Whether the check digit of an 18-character ID number is right (GB 11643)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]
