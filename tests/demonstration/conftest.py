from datetime import timedelta

import pytest

from guixin.channels import demonstrating
from guixin.organisation import firm
from tests.demonstration.told import WEDNESDAY


@pytest.fixture
def a_firm_of_old(db, settings, tmp_path):
    """The zipper maker as it began three months ago, and the cast of its stories."""
    settings.MEDIA_ROOT = tmp_path
    firm.load(demonstrating.FOLDER / "firm.toml", now=WEDNESDAY - timedelta(days=91))
    from demo.telling import Cast

    return Cast()
