"""Refunds beside what others do on the same disk."""


def over_tpcb(creates, pgbench_tpcb):
    return creates.rate / pgbench_tpcb.rate


def over_n(creates, pgbench_n):
    return creates.rate / pgbench_n.rate


def over_handmade(creates, handmade):
    return creates.rate / handmade.rate
