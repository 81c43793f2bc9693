"""The page of a reconciliation in a real browser: everything drawn, nothing cut off."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from tests.claims.claim_files import Year
from tests.reconcile.test_reports import made

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
# What a reader would see cut off: a word that leaves its drawing, a page wider than the window.
LOOK = """
<script>
addEventListener("load", () => {
  const found = {charts: [], cut: [], wide: document.documentElement.scrollWidth - innerWidth};
  for (const svg of document.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    found.charts.push([Math.round(box.width), Math.round(box.height)]);
    for (const text of svg.querySelectorAll("text")) {
      const word = text.getBoundingClientRect();
      const out = word.left < box.left - 1 || word.right > box.right + 1 || word.top < box.top - 1 || word.bottom > box.bottom + 1;
      if (word.width && out) found.cut.push(text.textContent);
    }
  }
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify(found);
  document.body.append(told);
});
</script>
"""


@pytest.mark.long
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 700])
def test_nothing_is_cut_off(tmp_path: Path, language: str, width: int) -> None:
    page = made(Year(tmp_path), language) / "summary.html"
    looked = tmp_path / "looked.html"
    looked.write_text(
        page.read_text("utf-8").replace("</body>", LOOK + "</body>"), "utf-8"
    )
    done = subprocess.run(
        [
            str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu",
            f"--window-size={width},1200", f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom", looked.as_uri(),
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    told = re.search(r'<pre id="told">(.*?)</pre>', done.stdout)
    assert told is not None, done.stderr
    found = json.loads(unescape(told[1]))
    assert len(found["charts"]) == 7
    assert all(wide > 200 and high > 40 for wide, high in found["charts"])
    assert found["cut"] == []
    assert found["wide"] <= 0
