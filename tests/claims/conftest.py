from pathlib import Path

import pytest

from tests.claims.claim_files import Year


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)
