"""Shops that more clients ask for refunds than can be served."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.path.append(str(pathlib.Path(__file__).parents[1] / "disk"))
sys.path.append(str(pathlib.Path(__file__).parents[1] / "http"))

from crowded_shop import CrowdedShop


@pytest.fixture
def crowded(tmp_path):
    """Starts a server with settings from the environment."""
    shops = []

    def start(**environment):
        shop = CrowdedShop(tmp_path, environment)
        shops.append(shop)
        return shop

    yield start
    for shop in shops:
        if shop.server.process.poll() is None:
            shop.server.kill()
