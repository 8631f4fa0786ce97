"""Faults between the client and the server, each of which the walk has to find."""
from vendor_apis import Client

FAULTS = {}
