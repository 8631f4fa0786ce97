"""What a durable refund costs beside doing nothing, and what batches are worth."""


def over_noop(creates, noop):
    return creates.rate / noop.rate


def over_one_by_one(creates, one_by_one):
    return creates.rate / one_by_one.rate


def processor_time(pinned_creates, pinned_noop):
    return pinned_creates.cpu / pinned_noop.cpu
