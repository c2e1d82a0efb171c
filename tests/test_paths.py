"""Two ways to score boilerplate, from an index on disk and in memory: the same counts, problems and names."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from newsbench import streaming
from newsbench.api import count_systems
from newsbench.formats.lazy import only_boilerplate
from newsbench.gold import load_gold
from newsbench.problems import InputError

TEST = load_gold(split="test").pages
TRAIN = load_gold(split="train").pages


def rows(pages=TEST, **more) -> list[str]:
    return [json.dumps({"id": page.id, "main_text": page.text[100:3000], **more}) for page in pages]


def utf16(page) -> str:
    start = len(page.text[: page.segments[0].start].encode("utf-16-le")) // 2
    end = len(page.text[: page.segments[4].end].encode("utf-16-le")) // 2
    return json.dumps({"id": page.id, "offsets": "utf-16", "boilerplate": [{"start": start, "end": end}]})


#: What is left of a record where writing stopped: it looks as usual.
BROKEN = f'{{"id": "{TEST[0].id}", "main_text": "'
FILES = {
    "sound": rows(),
    "half of it": rows(TEST[::2]),
    "other splits too": [*rows(), *rows(TRAIN)],
    "spans": [
        json.dumps({"id": p.id, "boilerplate": [{"start": 0, "end": 99}, {"start": 200.0, "end": 300.0}]}) for p in TEST
    ],
    "both answers": rows(boilerplate=[]),
    "utf-16": [utf16(page) for page in TEST],
    "errors": [*rows(TEST[:5]), *rows(TEST[5:], error="boom")],
    "names": [json.dumps({"id": page.id, "system": "mine", "main_text": page.text}) for page in TEST],
    "broken line": [*rows(TEST[:3]), '{"id": "x"', *rows(TEST[3:])],
    "only another split": rows(TRAIN),
    "only another split, and a broken line": [*rows(TRAIN[:5]), "nope"],
    "broken line of another split": [*rows(), json.dumps({"id": TRAIN[0].id, "main_text": 5})],
    "twice": [*rows(), rows()[0]],
    "twice, the first one bad": [json.dumps({"id": TEST[0].id, "main_text": 5}), *rows()],
    "twice in another split": [*rows(), *rows(TRAIN[:1]), *rows(TRAIN[:1])],
    "unknown page, and a wrong answer": [*rows(), '{"id": "nowhere", "main_text": 5, "text": "x"}'],
    "unknown page": [*rows(), '{"id": "nowhere", "main_text": "x"}'],
    "span outside": [json.dumps({"id": TEST[0].id, "boilerplate": [{"start": 0, "end": 10**7}]}), *rows(TEST[1:])],
    "unknown field": [json.dumps({"id": TEST[0].id, "text": "x"}), *rows(TEST[1:])],
    "two systems": [*rows(TEST[:3], system="a"), *rows(TEST[3:], system="b")],
    "two systems over the same pages": [*rows(system="a"), *rows(system="b")],
    "two systems, named late": [*rows(TEST[:3]), *rows(TEST[3:5], system="a"), *rows(TEST[5:], system="b")],
    "a system named last": rows(system="mine"),
    "a system named last, from somewhere on": [*rows(TEST[:3]), *rows(TEST[3:], system="mine")],
    "a system named last, by a page of another split": [*rows(), *rows(TRAIN[:1], system="other")],
    "a system named last, by a page given twice": [*rows(), *rows(TEST[:1], system="other")],
    "two systems, one named last": [
        *(json.dumps({"id": page.id, "system": "a", "main_text": page.text}) for page in TEST[:5]),
        *rows(TEST[5:], system="b"),
    ],
    "an id given twice in a record": [*rows(TEST[1:]), f'{{"id": "x", "main_text": "a", "id": "{TEST[0].id}"}}'],
    "utf-16 in one record": [*rows(TEST[:-1]), utf16(TEST[-1])],
    "offsets in the usual unit": rows(offsets="code-points"),
    "offsets in no unit": [*rows(TEST[:-1]), *rows(TEST[-1:], offsets="furlongs")],
    "another system in a broken line": [*rows(TEST[:3], system="a"), '{"id": "x", "system": "b"', *rows(TEST[3:])],
    "three systems, ids first": [
        json.dumps({"id": page.id, "system": f"s{at % 3}", "main_text": page.text}) for at, page in enumerate(TEST)
    ],
    "twice, the first one broken": [BROKEN, *rows()],
    "twice, the second one broken": [*rows(), BROKEN],
    "twice, the second one bad": [*rows(), json.dumps({"id": TEST[0].id, "boilerplate": [{"start": 0, "end": 10**7}]})],
    "a broken line, then a name": [BROKEN, *rows(TEST[1:], system="mine")],
    "only another split, and a broken line of a page": [BROKEN, *rows(TRAIN)],
    "bad, and of an unknown page": [*rows(), '{"id": "nowhere", "main_text": 5}', '{"id": "", "main_text": 5}'],
    "a name in a field's escaped letters, then that name": [
        f'{{"id": "{TEST[0].id}", "\\u0073ystem": "mine", "main_text": "x"}}',
        *(json.dumps({"id": page.id, "system": "mine", "main_text": page.text}) for page in TEST[1:]),
    ],
    "a name last, then first, then another": [
        *rows(TEST[:3]),
        *rows(TEST[3:4], system="b"),
        *(json.dumps({"id": page.id, "system": name, "main_text": "x"}) for page, name in zip(TEST[4:6], "bc", strict=True)),
    ],
    "hundreds of problems": [*rows(label="y", text="x"), *(f"nope {at}" for at in range(300)), *rows(TRAIN, text="x")],
    "an array": ["[", *rows(), "]"],
    "a report": ["{", ' "data": {},', ' "signature": "data:x",', ' "systems": []', "}"],
}


def outcome(path, monkeypatch, *, indexed: bool, skip: bool):
    """What scoring a file comes to: counts, statuses and names, or the problems."""
    with monkeypatch.context() as patch:
        if not indexed:
            patch.setattr("newsbench.api.find_indexed", lambda *_, **__: None)
        try:
            table = count_systems([str(path)], tasks=["boilerplate"], skip_invalid=skip)[0][0]
        except InputError as error:
            return [str(problem) for problem in error.problems]
    found = table.families["boilerplate.words"]
    return (
        table.system,
        table.pages,
        table.status,
        table.skipped,
        table.elsewhere,
        found.answered.tolist(),
        np.asarray(found.values, float).tolist(),
    )


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_both_paths_say_the_same(name, skip, tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(FILES[name]) + "\n", encoding="utf-8")
    fast = outcome(path, monkeypatch, indexed=True, skip=skip)
    assert fast == outcome(path, monkeypatch, indexed=False, skip=skip)


def test_the_fast_path_is_taken_where_it_can_be(tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(rows()), encoding="utf-8")
    taken = []
    usual = streaming.count_indexed
    monkeypatch.setattr("newsbench.api.count_indexed", lambda *a, **k: taken.append(1) or usual(*a, **k))
    count_systems([str(path)])
    assert taken


def test_what_a_process_of_its_own_did_not_foresee_is_heard_of(tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join([*rows(TEST[:-1]), utf16(TEST[-1]), *rows(TRAIN)]), encoding="utf-8")
    (fast,), _ = count_systems([str(path)], tasks=["boilerplate"], split=None, jobs=2)
    monkeypatch.setattr("newsbench.api.find_indexed", lambda *_, **__: None)
    (slow,), _ = count_systems([str(path)], tasks=["boilerplate"], split=None)
    assert np.array_equal(fast.families["boilerplate.words"].values, slow.families["boilerplate.words"].values)
    assert fast.status_count("answered") == len(TEST) + len(TRAIN)


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_very_many_problems_the_same_are_listed(jobs, tmp_path, monkeypatch):
    monkeypatch.setattr("newsbench.formats.firstproblems.MOST_PROBLEMS", 50)
    path = tmp_path / "mine.jsonl"
    shuffled = load_gold(split=None).pages
    random.Random(1).shuffle(shuffled)
    broken = [json.dumps({"id": page.id, "text": "x", "label": "y"}) for page in shuffled]
    path.write_text("\n".join(broken), encoding="utf-8")
    with pytest.raises(InputError) as found:
        count_systems([str(path)], tasks=["boilerplate"], split=None, jobs=jobs)
    *listed, last = found.value.problems
    assert [problem.line for problem in listed] == [*range(1, 51)]
    assert [problem.page for problem in listed] == [page.id for page in shuffled[:50]]
    assert last.more == len(shuffled) - 50


@pytest.mark.parametrize("split", ["test", "train", None])
def test_both_paths_have_the_same_ceiling(split, tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join([*rows(), *rows(TRAIN[:1])]), encoding="utf-8")
    fast = count_systems([str(path)], tasks=["boilerplate"], split=split, jobs=2)[1]
    monkeypatch.setattr("newsbench.api.find_indexed", lambda *_, **__: None)
    slow = count_systems([str(path)], tasks=["boilerplate"], split=split)[1]
    assert (fast is None) == (slow is None) == (split == "train")
    if fast is not None:
        fast, slow = fast.families["boilerplate.words"], slow.families["boilerplate.words"]
        assert len(fast.positions) == len(slow.positions) > 0
        assert np.array_equal(fast.values, slow.values)


@pytest.mark.parametrize(
    ("line", "sure"),
    [
        ('{"id": "a", "main_text": "x"}', True),
        ('{"id":"a","boilerplate":[]}', True),
        ('{"id": "a", "main_text": null}', False),
        ('{"id": "a", "error": "boom"}', False),
        ('{"id": "a", "main_text": "x", "topics": []}', False),
        ('{"id": "a", "main_text": "x", "to\\u0070ics": []}', False),
        ('{"id": "a", "main_text": "caf\\u00e9 \\"topics\\": 1"}', True),
        ('{"id": "a", "main_text": "topics"}', False),
        ('{"id": "a", "main_text": "x", "system": "topics"}', False),
    ],
)
def test_it_is_plain_to_see_that_nothing_but_boilerplate_is_answered(line, sure, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert only_boilerplate(path) == sure
    answered = json.loads(line).get("main_text", json.loads(line).get("boilerplate")) is not None
    parsed = answered and "topics" not in json.loads(line)
    assert streaming.answer_only_boilerplate([path]) == parsed


@pytest.mark.parametrize("jobs", [2, 3, 7])
@pytest.mark.parametrize("tasks", [["boilerplate"], ["boilerplate", "stories", "titles"]])
def test_processes_change_nothing(jobs, tasks, tmp_path, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(jobs), raising=False)
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(rows(story="s", story_title="Ferry")), encoding="utf-8")
    alone = count_systems([str(path)], tasks=tasks, split=None)[0][0]
    shared = count_systems([str(path)], tasks=tasks, split=None, jobs=jobs)[0][0]
    assert shared.pages == alone.pages
    assert shared.status == alone.status
    for name, found in alone.families.items():
        assert np.array_equal(shared.families[name].values, found.values)
        assert np.array_equal(shared.families[name].positions, found.positions)


def test_a_task_nobody_answers_is_left_out_and_missing_pages_are_known_by_task():
    import newsbench

    mixed = [{"id": p.id, "main_text": "x"} if at % 2 else {"id": p.id, "topics": []} for at, p in enumerate(TEST)]
    report = newsbench.score(mixed)
    assert set(report.systems[0].tasks) == {"boilerplate", "topics"}
    assert report["boilerplate"].missing == report["topics"].missing == len(TEST) // 2
    both = newsbench.score(mixed, [{"id": p.id, "story": "s"} for p in TEST])
    assert set(both.systems[1].tasks) == {"stories"}


@pytest.mark.parametrize("unit", ["code-points", "utf-16"])
@pytest.mark.parametrize("task", ["topics", "stories", "titles", "metadata"])
def test_offsets_of_other_tasks_do_not_stand_in_the_way(task, unit):
    spans = [{"start": 0, "end": 9}]
    found = [{"id": page.id, "offsets": unit, "boilerplate": spans, "story": "s"} for page in TEST[:3]]
    table = count_systems([found], tasks=[task])[0][0]
    assert {name.partition(".")[0] for name in table.families} == {task}
    found[0]["boilerplate"] = [{"start": 0, "end": 10**7}]
    with pytest.raises(InputError, match="outside the text"):
        count_systems([found], tasks=[task])
