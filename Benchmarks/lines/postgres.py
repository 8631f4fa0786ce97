"""Refunds on PostgreSQL: in batches, and by several servers."""


def over_crud(postgres_one, postgres_crud_8, postgres_crud_32):
    return postgres_one.rate / max(postgres_crud_8.rate, postgres_crud_32.rate)


def three_over_one(postgres_three, postgres_one):
    return postgres_three.rate / postgres_one.rate
