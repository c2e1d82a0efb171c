"""Systems that the tests of leaderboards and their sites score."""

from __future__ import annotations

from newsbench.stats import Resampling

FEW = Resampling(resamples=200)
STRANGE = 'x"><script>alert(1)</script>&amp;'


def answers(pages, cut: float, system: str):
    return [
        {"id": p.id, "system": system, "main_text": p.text[: int(len(p.text) * cut)], "story": p.story} for p in pages
    ]
