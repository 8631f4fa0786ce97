import pytest

from rounds import Race


@pytest.fixture
def race(storno):
    race = Race(storno)
    yield race
    race.close()
