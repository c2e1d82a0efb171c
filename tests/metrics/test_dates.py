"""Printed dates: every usual form names its day, and what can be read in two ways names none."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbench.metrics.dates import Day, read_day

DAY = Day(2026, 3, 14)
PRINTED = [
    "2026-03-14", "2026-03-14T23:30:00-05:00", "20260314T074000Z", "2026/03/14 05:30", "2026.03.14.", "2026. 03. 14.",
    "14 March 2026", "Saturday, 14. March 2026, 11:02", "Saturday, March 14, 2026", "Posted Saturday 14 Mar 2026 at 14:52",
    "18:10 Saturday 14 Mar 2026", "05:30 March 14, 2026", "Mar. 14, 2026 | 05:45 WAT", "March 14th, 2026",
    "the 14th of March 2026", "Monday 14 of March of 2026", "2026. March 14., 17:30", "2026. 14 March, 07:00",
    "Saturday the 14, March 2026 23:10", "14-Mar-2026", "14/Mar/2026:07:40:00 +0100", "Sat, 14 Mar 2026 07:40:00 GMT",
    "Sat Mar 14 07:40:00 2026", "14.3.2026 08:00", "14. 03. 2026. / 08:00", "14-03-2026 - 17:30", "On 14/03/2026, 06:15",
    "03/14/2026", "#1\n14.03.2026 19:30", "14\u00a0MARCH\u00a02026", "6.30pm, 14 March 2026",
]  # fmt: skip


@pytest.mark.parametrize("text", PRINTED)
def test_usual_forms_name_their_day(text):
    assert read_day(text) == DAY


@pytest.mark.parametrize("text", ["Friday 13.3. 06:32", "March 2026 (posted 13.03)", "13 March, 06:45 hrs", "Mar 13"])
def test_a_year_that_is_not_printed_is_none(text):
    assert read_day(text) == Day(None, 3, 13)
    assert read_day(text).agrees(Day(2026, 3, 13))
    assert not read_day(text).agrees(Day(2026, 3, 14))


def test_without_a_year_february_has_29_days():
    assert read_day("29 Feb, 11:02") == read_day("29.2.") == Day(None, 2, 29)
    assert read_day("29 Feb 2028") == Day(2028, 2, 29)
    assert read_day("30 Feb") is read_day("Feb 29, 2026") is None


@pytest.mark.parametrize(
    "text",
    ["", "2026", "March 2026", "2026-03-145", "12/03/26", "14 March 26", "Mar 14, 26", "29 February 2026", "31.4.2026",
     "12 March 2026, updated 13 March 2026", "14 March 2026 and " + 12 * "more "],
)  # fmt: skip
def test_no_single_day_is_none(text):
    assert read_day(text, "GB") is None


def test_two_figures_are_read_as_the_outlet_s_country_does():
    assert read_day("03/04/2026", "US") == Day(2026, 3, 4)
    assert read_day("03/04/2026", "GR") == Day(2026, 4, 3)
    assert read_day("03/04/2026", "CA") is read_day("03/04/2026") is None
    assert read_day("03/03/2026") == Day(2026, 3, 3)
    assert read_day("13/04/2026", "US") == Day(2026, 4, 13)


FORMS = ["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%A, %d. %b %Y, %H:%M", "%B %d, %Y", "%H:%M, %b %d, %Y", "%d.%m.%Y", "%d/%m/%Y"]


@given(st.datetimes(datetime.datetime(1950, 1, 1), datetime.datetime(2099, 12, 31)), st.sampled_from(FORMS))
def test_what_is_written_is_read(moment, form):
    assert read_day(moment.strftime(form), "DE") == Day(moment.year, moment.month, moment.day)


@given(st.text(alphabet="0123456789 ./-:,marchJunTZ", max_size=30))
def test_any_text_gives_a_day_of_the_calendar_or_none(text):
    found = read_day(text, "US")
    assert found is None or datetime.date(found.year or 2000, found.month, found.day)
