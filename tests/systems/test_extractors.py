"""Boilerplate removers and metadata: what they keep of a page, with HTML and without, and that none of them fetches."""

from __future__ import annotations

import importlib
import socket

import pytest

from newsbench.formats.predictions import read_predictions
from newsbench.running import run_page
from newsbench.systems import load_system
from newsbench.systems.markup import text_of

EXTRACTORS = ("trafilatura", "readability", "justext", "newspaper4k", "goose3", "boilerpy3", "resiliparse", "html-text")
MODULES = {"readability": "readability", "justext": "justext", "newspaper4k": "newspaper", "html-text": "html_text"}


def load(name):
    pytest.importorskip(MODULES.get(name, name))
    return load_system(name)


@pytest.mark.parametrize("name", EXTRACTORS)
def test_keeps_the_article(name, page):
    fields = load(name).run(page)
    assert set(fields) == {"main_text"}
    assert "a gust tore a blade from one of them" in " ".join(fields["main_text"].split())
    read_predictions([{"id": page.id, **fields}], {page.id: page})


@pytest.mark.parametrize("name", [name for name in EXTRACTORS if name not in ("html-text", "resiliparse")])
def test_drops_the_menu(name, page):
    assert "Log in" not in load(name).run(page)["main_text"]


@pytest.mark.parametrize("name", EXTRACTORS)
def test_page_without_html_is_an_error_record(name, bare_page):
    record = run_page(load(name), bare_page)
    assert record == {"id": bare_page.id, "system": name, "error": "page has no html"}


@pytest.mark.parametrize("name", EXTRACTORS)
@pytest.mark.parametrize(
    "html", [" ", "<", "<html></html>", "<p>\x00</p>", "<?xml version='1.0' encoding='utf-8'?><p>x</p>"]
)
def test_strange_html_never_raises(name, html, page):
    record = run_page(load(name), page._replace(html=html))
    assert isinstance(record.get("main_text"), str) or record["error"]


@pytest.mark.parametrize("name", EXTRACTORS)
def test_same_answer_whatever_came_before(name, page, labelled_pages):
    system = load(name)
    first = system.run(page)
    for other in labelled_pages[:2]:
        system.run(other)
    assert system.run(page) == first


@pytest.mark.parametrize("name", EXTRACTORS)
def test_nothing_is_fetched(name, page, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert "error" not in run_page(load(name), page)


def test_trivial_systems(bare_page):
    assert load_system("whole-page").run(bare_page) == {"main_text": bare_page.text}
    assert load_system("nothing").run(bare_page) == {"main_text": ""}


def test_text_of():
    html = (
        "<html><head><title>no</title></head><body>one<script>no</script> <b>two</b><!-- no --> three"
        "<p>four<br>five &amp; six</p><noscript>no</noscript>seven</body></html>"
    )
    assert text_of(html) == "one two three\nfour\nfive & six\nseven"
    assert text_of("") == ""


def test_opengraph(page):
    found = load_system("opengraph").run(page)["metadata"]
    assert found == {
        "headline": "Wind park stands still after storm night",
        # Declared, but not printed.
        "byline": None,
        "outlet": "Rannu Sõnumid",
        "country": None,
        "published": "2026-03-14",
    }


def test_opengraph_without_json_ld(page):
    module = importlib.import_module("newsbench.systems.opengraph")
    html = page.html.replace("application/ld+json", "text/plain")
    found = module.OpenGraph().run(page._replace(html=html))["metadata"]
    assert found["headline"] == "Wind park stands still after storm night"
    assert found["published"] is None


@pytest.mark.parametrize(
    "script", ["{", "[]", '"x"', '{"@graph": [{"@type": "NewsArticle", "author": [{"name": 3}]}]}']
)
def test_opengraph_bad_json_ld(page, script):
    start = page.html.index(">", page.html.index("<script")) + 1
    html = page.html[:start] + script + page.html[page.html.index("</script>") :]
    record = run_page(load_system("opengraph"), page._replace(html=html))
    assert record["metadata"]["byline"] is None


def test_opengraph_without_html(bare_page):
    assert load_system("opengraph").run(bare_page) == {"error": "page has no html"}
