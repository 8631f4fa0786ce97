"""Calls with an idempotency key, and the ways to send one again."""
import json
from dataclasses import dataclass


@dataclass
class Call:
    """A POST that was answered with 200. `body` and `answer` are bytes."""

    api: str
    path: str
    body: bytes
    once: str
    answer: bytes = None

    def again(self, way):
        """The same request, written in another way: path, body and key. Every one of them is a repetition."""
        members = json.loads(self.body)
        body, once = self.body, self.once
        if way == "spaces":
            body = json.dumps(members, indent=3).encode()
        elif way == "members":
            body = json.dumps(dict(reversed(members.items()))).encode()
        elif way == "escaped":
            body = "".join(escaped(character) for character in self.body.decode()).encode()
        elif way == "quoted":
            once = f'"{self.once}"'
        return self.path, body, once


WAYS = ("same", "spaces", "members", "escaped", "quoted", "other key of the account")


def escaped(character):
    """Letters as `\\u0061`, which inside of strings is the same text. Numbers and punctuation stay."""
    return f"\\u{ord(character):04x}" if character.isalpha() else character
