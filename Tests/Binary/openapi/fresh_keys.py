"""What schemathesis loads beside the documents.

In its stateful phase it follows what was made, and takes a 404 there for a fault. It draws the same idempotency key again
in later scenarios: the answer is then that of a creation whose object may be cancelled or deleted by now. There each
request has a key of its own; the phases before try keys of every shape, also twice.
"""
import uuid

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

NAME = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    follows = meta is not None and meta.phase.name == TestPhase.STATEFUL and not meta.is_negative_at(ParameterLocation.HEADER)
    if follows and case.headers and NAME in case.headers:
        case.headers[NAME] = str(uuid.uuid4())
