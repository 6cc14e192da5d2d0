"""``bptt plan`` and ``bptt quiz --tonight``: the plan as scripts and screen readers get it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from drills.progress.paths import home as data_folder

FAR = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()


def settings_of() -> dict[str, object]:
    path = Path(data_folder(None)) / "settings.json"
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_plan_is_printed_in_both_languages_and_as_data(bptt) -> None:
    found = bptt("plan", "--date", FAR, "--minutes-per-day", "20", "--json")
    assert found.code == 0
    plan = found.json
    assert (plan["exam"], plan["minutes_per_day"], plan["exam_set"]) == (FAR, 20, True)
    assert plan["days"] in (29, 30, 31)
    assert len(plan["evenings"]) == plan["days"]
    assert 0 <= plan["recall"]["low"] <= plan["recall"]["mean"] <= plan["recall"]["high"] <= 1
    assert plan["seen"] + plan["coming"] + len(plan["left_out"]) == plan["items"] > 0
    assert plan["tonight"]["new"] == len(plan["tonight"]["items"]) > 0
    for language, words in (
        ("en", ("Expected recall on the exam day", "left out", "today")),
        ("ja", ("試験日の予想定着度", "対象外", "今日")),
    ):
        shown = bptt("plan", "--date", FAR, "--lang", language)
        assert shown.code == 0
        assert all(word in shown.out for word in words)
        assert all(len(line) <= 80 for line in shown.out.splitlines())


def test_without_a_date_the_plan_says_how_to_set_one_and_keeps_it_when_told(bptt) -> None:
    asked = bptt("plan", "--lang", "en")
    assert asked.code == 0
    assert "No exam date is set" in asked.out
    assert "--keep" in asked.out
    kept = bptt("plan", "--date", FAR, "--minutes-per-day", "15", "--keep", "--lang", "en")
    assert (kept.code, kept.err) == (0, "Kept as your settings.\n")
    assert settings_of() == {
        "exam_date": FAR,
        "minutes": 15,
        "greeted": True,
        "frames": "line",
    }
    again = bptt("plan", "--json").json
    assert (again["exam"], again["minutes_per_day"]) == (FAR, 15)
    # Asking what if changes nothing.
    bptt("plan", "--minutes-per-day", "90")
    assert settings_of()["minutes"] == 15


def test_what_is_no_date_or_no_time_is_said_and_is_a_usage_error(bptt) -> None:
    for arguments, said in (
        (("plan", "--date", "soon"), "soon is no date"),
        (("plan", "--date", "2020-02-19"), "2020-02-19 is over"),
        (("plan", "--minutes-per-day", "0"), "from 1 to 600, not 0"),
        (("plan", "--minutes-per-day", "a lot"), "not a lot"),
        (("quiz", "--minutes", "5"), "belongs to --tonight"),
        (("quiz", "--tonight", "--kind", "choice"), "no other filter"),
        (("quiz", "--tonight", "--minutes", "x"), "not x"),
        (("quiz", "--tonight", "--due"), "not allowed"),
    ):
        found = bptt(*arguments, "--lang", "en")
        assert found.code == 2, arguments
        assert said in found.err
        assert found.out == ""


def test_tonights_session_is_asked_line_by_line_and_kept_at_the_end_of_input(bptt) -> None:
    proposed = bptt("plan", "--json").json["tonight"]["items"]
    begun = bptt("quiz", "--tonight", "--plain", "--lang", "en", typed=":show\n:next\n")
    assert begun.code == 0
    assert f"1 / {len(proposed)}" in begun.out or f"/{len(proposed)}" in begun.out
    # A short evening asks less.
    short = bptt("quiz", "--tonight", "--minutes", "1", "--plain", "--lang", "en")
    assert short.code == 0
    assert short.out != begun.out


def test_an_exam_today_is_planned_for_without_an_evening_before_it(bptt) -> None:
    # The study day of whoever runs this; it may be yesterday's date before four in the morning.
    today = date.fromisoformat(bptt("plan", "--json").json["today"])
    plan = bptt("plan", "--date", today.isoformat(), "--json").json
    assert (plan["days"], plan["evenings"]) == (0, [])
    assert "today" in bptt("plan", "--date", today.isoformat(), "--lang", "en").out
