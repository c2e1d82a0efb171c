"""What tests of the command line share."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def mine(tmp_path, gold_pages):
    path = tmp_path / "mine.jsonl"
    rows = [json.dumps({"id": page.id, "main_text": page.text, "story": page.story}) for page in gold_pages]
    path.write_text("\n".join(rows), encoding="utf-8")
    return str(path)
