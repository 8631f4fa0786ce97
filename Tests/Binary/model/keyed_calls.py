"""Calls with an idempotency key, and the ways to send one again."""
import json
import re
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
            body = re.sub(rb'"[^"]*"', lambda text: escaped(text[0].decode()).encode(), self.body)
        elif way == "quoted":
            once = f'"{self.once}"'
        return self.path, body, once


WAYS = ("same", "spaces", "members", "escaped", "quoted", "other key of the account")


def escaped(text):
    """Letters as `\\u0061`, which is the same text."""
    return "".join(f"\\u{ord(character):04x}" if character.isalpha() else character for character in text)
