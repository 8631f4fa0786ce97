"""Many refunds in one request."""


def over_creates(batches, creates):
    return batches.rate / creates.rate
