"""How long a refund takes, in times that the disk takes for one block."""


def one_connection_p50(one_connection):
    return one_connection.p50 / one_connection.fdatasync


def half_load_p99(half_load):
    return half_load.p99 / half_load.fdatasync
