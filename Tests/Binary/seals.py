"""Sealed values, opened by another implementation than the program's.

A value is a version byte, the master key's id (8 bytes), a nonce (12), the text and a tag (16): AES-256-GCM with a key
made by HMAC-SHA-256 from the master key and the row's place.
"""
import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1


class Seals:
    def __init__(self, key_file):
        self.key = base64.b64decode(key_file.read_text())
        self.key_id = self._mac(b"storno key id")[:8]

    def _mac(self, text):
        return hmac.new(self.key, text, hashlib.sha256).digest()

    def open(self, table, book, row, sealed):
        """Raises `cryptography.exceptions.InvalidTag` for anything but what was sealed at this place."""
        assert (sealed[0], sealed[1:9]) == (VERSION, self.key_id)
        key = self._mac(f"seal {table} {book} ".encode() + row)
        return AESGCM(key).decrypt(sealed[9:21], sealed[21:], None)

    def person(self, book, person, sealed):
        return json.loads(self.open("person", book, person, sealed))

    def note(self, book, thing, name, sealed):
        return self.open("note", book, thing + name.encode(), sealed).decode()

    def webhook(self, book, endpoint, sealed):
        return json.loads(self.open("webhook_endpoint", book, endpoint, sealed))

    def answer(self, book, key, sealed):
        return self.open("answer", book, key.encode(), sealed)
