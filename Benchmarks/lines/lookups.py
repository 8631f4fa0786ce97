"""Reading one refund beside reading nothing."""


def over_static(get_one, get_static):
    return get_one.rate / get_static.rate
