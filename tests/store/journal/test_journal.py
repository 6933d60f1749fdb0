"""What is remembered of a card, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, String, cast, func, insert, select
from sqlalchemy.exc import IntegrityError

from gatekeeper.enforcement import Enforcement, MoveStage, Plan, PostComment, plan
from gatekeeper.judge.examples import (
    NOON,
    a_contact,
    a_deal,
    a_policy,
)
from gatekeeper.judge.verdict import Verdict, judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.findings import Announcement, Violation
from gatekeeper.model.history import History, Revert
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.tables import action_table, decision_table, violation_table

REF = EntityRef(Kind.DEAL, 41)
MOSCOW = timezone(timedelta(hours=3))
GATE = Enforcement(watching_since=NOON - timedelta(days=1))


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine)


def decided(history: History, ref: EntityRef = REF, actions: Any = (), now: datetime = NOON) -> Decision:
    verdict = Verdict(ref, history.open, (), None, "0" * 12)
    card = a_contact(ref=ref) if ref.kind is Kind.CONTACT else a_deal(ref=ref)
    return Decision.of(verdict, Plan(tuple(actions), history), card, now)


def a_history(**changes: Any) -> History:
    return replace(History(created_at=NOON), **changes)


def pass_over(journal: Journal, card: Snapshot, now: datetime = NOON) -> bool:
    """One pass without a portal; True if it left a trace."""
    known = journal.load([card.ref])[card.ref]
    verdict = judge(card, a_policy(), now)
    planned = plan(verdict, card, known, a_policy(), GATE, Messages.in_language("ru"), now)
    if planned.history == known:
        return False
    journal.record([Decision.of(verdict, planned, card, now)], a_policy())
    return True


def test_a_card_never_seen_has_an_empty_history(journal: Journal) -> None:
    assert journal.load([REF]) == {REF: History()}
    assert journal.load([]) == {}


def test_a_history_comes_back_as_it_was_kept(journal: Journal) -> None:
    moved = datetime(2026, 8, 31, 23, 30, tzinfo=MOSCOW)
    kept = a_history(
        created_at=moved,
        admitted_stage_id="C1:PREPARATION",
        open=(
            Violation("deal.contact", {"found": 0, "wanted": 1}),
            Violation("deal.stage", {"problem": "foreign"}),
        ),
        cured=("deal.products",),
        reverts=(Revert("EXECUTING", "NEW", moved, NOON, ("deal.contact", "deal.stage"), refused=True),),
        closing_judged=True,
        announced=Announcement("deal.inactive", {"on": "2026-11-01", "needs": ["comment"]}),
    )
    journal.record([decided(kept)], a_policy())
    assert journal.load([REF])[REF] == kept


def test_cards_of_one_number_and_two_kinds_are_two_cards(journal: Journal) -> None:
    contact = EntityRef(Kind.CONTACT, REF.id)
    journal.record([decided(a_history(cured=("deal.stage",)))], a_policy())
    journal.record([decided(a_history(cured=("contact.name",)), contact)], a_policy())
    loaded = journal.load([REF, contact])
    assert (loaded[REF].cured, loaded[contact].cured) == (("deal.stage",), ("contact.name",))


def test_the_newest_history_counts(journal: Journal) -> None:
    journal.record([decided(a_history(admitted_stage_id="NEW"))], a_policy())
    journal.record([decided(a_history(admitted_stage_id=None))], a_policy())
    assert journal.load([REF])[REF].admitted_stage_id is None


def test_a_violation_is_one_row_from_its_opening_to_its_closing(journal: Journal, engine: Engine) -> None:
    wrong = (Violation("deal.contact", {"found": 0, "wanted": 1}),)
    worse = (Violation("deal.contact", {"found": 2, "wanted": 1}),)
    for place, standing in enumerate((wrong, worse, (), wrong)):
        journal.record([decided(a_history(open=standing), now=NOON + timedelta(hours=place))], a_policy())
    with engine.connect() as conn:
        rows = conn.execute(select(violation_table).order_by(violation_table.c.opened_at)).all()
    told = [(row.opened_at, row.closed_at, row.facts["found"], row.mode) for row in rows]
    assert told == [
        (NOON, NOON + timedelta(hours=2), 2, "revert"),
        (NOON + timedelta(hours=3), None, 0, "revert"),
    ]


def test_the_database_itself_refuses_a_second_open_violation_of_a_rule(
    journal: Journal, engine: Engine
) -> None:
    journal.record([decided(a_history(open=(Violation("deal.contact", {"found": 0}),)))], a_policy())
    with engine.connect() as conn:
        row = dict(conn.execute(select(violation_table)).mappings().one())
    again = row | {"id": "another"}
    with pytest.raises(IntegrityError), engine.begin() as conn:
        conn.execute(insert(violation_table).values(again))
    for allowed in ({"rule": "deal.stage"}, {"entity_id": 42}, {"kind": "contact"}, {"closed_at": NOON}):
        with engine.begin() as conn:
            conn.execute(insert(violation_table).values(again | {"id": str(allowed)[:32]} | allowed))


def test_a_decision_that_fails_half_way_leaves_nothing(journal: Journal, engine: Engine) -> None:
    good, bad = decided(a_history()), decided(History())
    with pytest.raises(ValueError, match="deal:41"):
        journal.record([good, bad], a_policy())
    with engine.connect() as conn:
        assert conn.execute(select(func.count()).select_from(decision_table)).scalar_one() == 0
    assert journal.load([REF])[REF] == History()


@pytest.mark.parametrize("times", [1, 3])
def test_a_pass_that_changes_nothing_leaves_no_trace(journal: Journal, times: int) -> None:
    card = a_deal(product_group=(), row_sums=())
    assert pass_over(journal, card)
    assert [pass_over(journal, card) for _ in range(times)] == [False] * times


def test_violations_that_open_one_before_another_settle_at_once(journal: Journal) -> None:
    """The earlier rule opens later: rows must be read back in the order that the next plan has."""
    steps = ({"row_sums": ()}, {"row_sums": (), "contact_ids": ()}, {"contact_ids": (), "product_group": ()})
    for changes in steps:
        assert pass_over(journal, a_deal(**changes))
        assert not pass_over(journal, a_deal(**changes))


def test_what_cannot_be_read_for_a_while_leaves_no_trace(journal: Journal) -> None:
    hidden = Unread(Why.DENIED)
    assert pass_over(journal, a_deal(product_group=(), contact_ids=(), row_sums=()))
    assert not pass_over(journal, a_deal(product_group=hidden, contact_ids=(), row_sums=()))


def test_curing_leaves_one_trace(journal: Journal) -> None:
    bad = a_contact(last_name="", birthdate=None, phones=(), emails=())
    traces = [pass_over(journal, each) for each in (bad, a_contact(), a_contact(), a_contact())]
    assert traces == [True, True, False, False]


def test_actions_are_kept_with_what_came_of_them(journal: Journal, engine: Engine) -> None:
    actions = (MoveStage(REF, "EXECUTING", "NEW", NOON.astimezone(MOSCOW)), PostComment(REF, "Текст"))
    decision = decided(a_history(), actions=actions)
    journal.record([decision], a_policy())
    journal.record_results({(decision.id, "MoveStage"): "applied", ("unknown", "MoveStage"): "x"}, NOON)
    with engine.connect() as conn:
        rows = conn.execute(select(action_table).order_by(action_table.c.name)).all()
    assert [(row.name, row.result, row.applied_at) for row in rows] == [
        ("MoveStage", "applied", NOON),
        ("PostComment", None, None),
    ]
    assert rows[0].body["ref"] == "deal:41"
    assert datetime.fromisoformat(rows[0].body["moved_at"]) == NOON


def test_a_result_of_any_length_is_kept(journal: Journal, engine: Engine) -> None:
    decision = decided(a_history(), actions=(PostComment(REF, "Текст"),))
    journal.record([decision], a_policy())
    journal.record_results({(decision.id, "PostComment"): "я" * 1000}, NOON)
    with engine.connect() as conn:
        assert conn.execute(select(action_table.c.result)).scalar_one() == "я" * 255


def test_a_clients_odd_characters_are_kept(journal: Journal) -> None:
    facts = {"problems": [{"part": "name", "problem": "no_letters", "value": "🙂'\";--\u2028%s\x00"}]}
    history = a_history(open=(Violation("contact.name", facts),))
    journal.record([decided(history, EntityRef(Kind.CONTACT, 2**62))], a_policy())
    assert journal.load([EntityRef(Kind.CONTACT, 2**62)]).popitem()[1] == history


@pytest.mark.parametrize("text", ["Сделка «Ромашка»", "\x00", "🙂", "\\ud83d", '"'])
def test_json_is_kept_as_it_is_written(journal: Journal, engine: Engine, text: str) -> None:
    decision = decided(a_history(), actions=(PostComment(REF, text),))
    journal.record([decision], a_policy())
    with engine.connect() as conn:
        stored = conn.execute(select(action_table.c.body)).scalar_one()
        as_text = conn.execute(select(cast(action_table.c.body, String))).scalar_one()
    assert stored["text"] == text
    assert ("Ромашка" in as_text) is ("Ромашка" in text)


def test_half_a_character_is_no_reason_to_stop(tmp_path: Path) -> None:
    """PostgreSQL's text knows no such thing, escaped or not; SQLite keeps it."""
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(engine)
    Journal(engine).record([decided(a_history(), actions=(PostComment(REF, "\ud83d…"),))], a_policy())
    with engine.connect() as conn:
        assert conn.execute(select(action_table.c.body)).scalar_one()["text"] == "\ud83d…"
    engine.dispose()


def test_the_gate_began_to_watch_once(journal: Journal) -> None:
    first = datetime(2026, 9, 1, 12, 0, 0, 999_999, tzinfo=UTC)
    assert journal.watching_since() is None
    assert journal.begin_watching(first) == first.replace(microsecond=0)
    assert journal.begin_watching(first + timedelta(days=9)) == first.replace(microsecond=0)
    assert journal.watching_since() == first.replace(microsecond=0)
