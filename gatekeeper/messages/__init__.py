"""From what was found to the words people read, in Russian or English.

The words of every face stand in `ru/` and `en/` (see `messages.words`). `Messages` says what goes into the
portal: whatever one of its templates prints from a card (a name, a manager's own comment) loses its power as
markup; only the templates themselves may speak BB-code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from gatekeeper.messages.formatter import formatter_of
from gatekeeper.messages.invisible import without_invisible
from gatekeeper.messages.renderer import Renderer
from gatekeeper.messages.words import LANGUAGES, Words, file_of
from gatekeeper.model.cards import DealSnapshot, Snapshot, Unread
from gatekeeper.model.findings import Announcement, Violation
from gatekeeper.model.history import Grace, Revert
from gatekeeper.model.refs import EntityRef
from gatekeeper.model.signature import sign

__all__ = ["LANGUAGES", "NAMELESS", "CardName", "Messages", "own_templates", "source_of"]

REWORDED = ("cards", "commands")
"""The files whose sentences an admin may put others in the place of."""

NO_GRACE: Mapping[str, Grace] = {}
LINK = re.compile(r"(?i)\b(https?:|www\.)")
MARKUP = re.compile(r"\[/?\w+[^\]]*\]")  # the template's own: what a card says has no brackets left
WORD_JOINER = "\u2060"


class Trusted(str):
    """What a template of ours has made already, brackets and all."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CardName:
    """What people call a card: its title, or a contact's name; and a deal's client, where that is known."""

    title: str = ""
    client: str = ""


NAMELESS = CardName()


class Messages:
    """What goes into the portal in one language, and the words of the commands."""

    def __init__(self, templates: Mapping[str, Any], language: str) -> None:
        self.language = language
        self._words = templates
        self._formatter = formatter_of(language)
        self._renderer = Renderer(_defuse, self.filters)

    @classmethod
    def in_language(cls, language: str, templates: Mapping[str, Any] | None = None) -> Messages:
        """The package's own templates, or the proven ones of an admin (`proof.lay_over`) in their place."""
        return cls(templates, language) if templates else _own(language)

    def render(self, template: str, /, **facts: Any) -> str:
        """Fill a template in, on one line."""
        return self._renderer.render(template, **facts)

    def typeset(self, text: str) -> str:
        """Set what goes to the portal as the language sets type."""
        return self._formatter.typeset(text)

    def words(self, command: str) -> Words:
        """What this command says on a terminal: there a link or a bracket has no power."""
        return Words(self._words[command], self._formatter)

    def render_comment(
        self,
        snapshot: Snapshot,
        violations: Sequence[Violation],
        cured: Sequence[str],
        revert: Revert | None,
        coming: Announcement | None = None,
        graces: Mapping[str, Grace] = NO_GRACE,
        may_move: Revert | None = None,
    ) -> str:
        """The living comment of one card, signed. Without violations and announcement it is the all-clear.

        `graces` has, by rule, the grace period that its violation still has. `may_move` is the move back that
        nothing calls for any longer.
        """
        heading = self._heading(snapshot, violations, cured, coming, graces)
        if heading == "well" and may_move is not None:
            heading = "may_move"
        facts: dict[str, Any] = {"kind": snapshot.ref.kind.value, "count": len(violations)}
        if isinstance(snapshot, DealSnapshot) and may_move is not None:
            facts["before"] = _stage_name(snapshot, may_move.from_stage_id)
        lines = [self.render(self._words["comment"][heading], **facts)]
        if revert is not None and isinstance(snapshot, DealSnapshot):
            lines.append(self._render_revert(snapshot, revert, violations))
        lines += [f"☐ {self._line(violation, graces, snapshot)}" for violation in violations]
        if coming is not None:
            lines.append(f"⏳ {self.render_announcement(coming)}")
        if violations or coming:
            lines += [f"☑ {self.title(rule)}" for rule in cured]
        return sign(self.typeset("\n".join(lines)), snapshot.ref, self._words["comment"]["signature"])

    def _heading(
        self,
        snapshot: Snapshot,
        violations: Sequence[Violation],
        cured: Sequence[str],
        coming: Announcement | None,
        graces: Mapping[str, Grace],
    ) -> str:
        """On a lost deal nothing was cured, and nobody is to be thanked."""
        deal = snapshot if isinstance(snapshot, DealSnapshot) else None
        if violations and all(violation.rule in graces for violation in violations):
            return "grace"
        if violations:
            return "won" if deal and deal.is_won else "wrong"
        if coming:
            return "soon"
        if deal and deal.is_lost:
            return "lost"
        return "well" if cured else "calm"

    def _line(self, violation: Violation, graces: Mapping[str, Grace], snapshot: Snapshot) -> str:
        grace = graces.get(violation.rule)
        return self.render_violation(violation, until=self.until(grace, snapshot) if grace else "")

    def render_closed(self, ref: EntityRef) -> str:
        """The last words of a second note of ours on one card, signed."""
        comment = self._words["comment"]
        return sign(self.typeset(self.render(comment["closed"])), ref, comment["signature"])

    def render_notice(
        self,
        ref: EntityRef,
        violations: Sequence[Violation],
        revert: Revert | None,
        stages: Mapping[str, str],
        name: CardName = NAMELESS,
    ) -> str:
        """A notice of one card; `stages` are the names that the revert speaks of, `before` and `after`."""
        words = self._words["notice"]
        rules = revert.rules if revert else [violation.rule for violation in violations]
        said = self.render(
            words[_fate(revert) if revert else "violation"],
            card=self.render_card(ref, name),
            before=stages.get("before", ""),
            after=stages.get("after", ""),
            rules=[self.title(rule) for rule in rules],
            mover=revert.mover if revert else "",
        )
        return self.typeset(f"{said} {words['more']}")

    def render_card(self, ref: EntityRef, name: CardName = NAMELESS) -> Trusted:
        """A card as notices call it, with a link to it."""
        template = self._words["notice"]["card"][ref.kind.value]
        return Trusted(self.render(template, id=ref.id, title=name.title, client=name.client))

    def render_undone(self, ref: EntityRef, medium: str, name: CardName = NAMELESS) -> str:
        """A notice that what we write into this card is undone again and again."""
        said = self.render(self._words["notice"]["undone"], card=self.render_card(ref, name), medium=medium)
        return self.typeset(said)

    def render_breaker(self, reverts: int, minutes: int) -> str:
        return self.typeset(self.render(self._words["notice"]["breaker"], reverts=reverts, minutes=minutes))

    def render_trouble(self, facts: Mapping[str, str]) -> str:
        """What the gate does not see (kind, subject, since), or what it did not see up to `until`."""
        words, until = self._words["notice"]["trouble"], facts.get("until")
        mute = until is not None and facts["subject"] == "im"
        name = facts["kind"] if until is None else "mute" if mute else "blind"
        times = {each: self._moment(facts[each]) for each in ("since", "until") if each in facts}
        return self.typeset(self.render(words[name], **{**facts, **times}))

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """What a template may pass a fact through, beside Jinja's own."""
        return {**self._formatter.filters, "day": self._day}

    def table(self, name: str) -> Mapping[str, Any]:
        """Templates for `render`."""
        table: Mapping[str, Any] = self._words[name]
        return table

    def render_violation(self, violation: Violation, *, markup: bool = True, until: str = "") -> str:
        """One line: the rule's name, what was found, how to fix it, and with markup why, where that helps.

        `until` is the time by which it is to be fixed, as `until()` writes it.
        """
        words = self._words["rules"][violation.rule]
        title = words.get(f"title_{_the_one_problem(violation)}", words["title"])
        found = self.render(words["found"], **violation.facts)
        by = f" ({self.render(self._words['comment']['until'], until=until)})" if until else ""
        if not markup:
            return f"{title}{by} — {MARKUP.sub('', found)}"
        why = self.render(words["why"], **violation.facts)
        return f"[b]{title}[/b]{by} — {found}" + (f" [i]{why}[/i]" if why else "")

    def until(self, grace: Grace, snapshot: Snapshot) -> str:
        """When a grace ends, by the portal's clock: the card's own times bear its offset."""
        zone = snapshot.created_at.tzinfo
        began, due = grace.began_at.astimezone(zone), grace.due_at.astimezone(zone)
        form = "time" if began.date() == due.date() else "moment"
        return due.strftime(self._words["comment"][form])

    def render_announcement(self, coming: Announcement) -> str:
        """What will be violated, by when, and what keeps it off."""
        return self.render(self._words["rules"][coming.rule]["soon"], **coming.facts)

    def title(self, rule: str) -> str:
        title: str = self._words["rules"][rule]["title"]
        return title

    def unread(self, why: Iterable[Unread]) -> str:
        """Why something was not judged, for an admin; one reason after the other."""
        words = self._words["unread"]
        return "; ".join(self.render(words[each.code], **dict(each.facts)) for each in why)

    def _render_revert(self, deal: DealSnapshot, revert: Revert, shown: Sequence[Violation]) -> str:
        """Where the lines below are the reasons, they are not named twice."""
        below = {violation.rule for violation in shown}
        return self.render(
            self._words["comment"]["created" if _was_created_there(deal, revert) else _fate(revert)],
            before=_stage_name(deal, revert.from_stage_id),
            after=_stage_name(deal, revert.to_stage_id),
            rules=[self.title(rule) for rule in revert.rules],
            listed=below >= set(revert.rules),
            mover="" if revert.mover_id == deal.responsible_id else revert.mover,
        )

    def _moment(self, iso: str) -> str:
        return datetime.fromisoformat(iso).strftime(self._words["comment"]["moment"])

    def _day(self, iso: str) -> str:
        return date.fromisoformat(iso).strftime(self._words["comment"]["day"])


def source_of(language: str) -> str:
    """The files of REWORDED in that language; ValueError for a language that there is none of."""
    return "\n".join(file_of(language, face) for face in REWORDED)


@cache
def _own(language: str) -> Messages:
    """Share the package's own, so that each template is compiled once."""
    return Messages(own_templates(language), language)


def own_templates(language: str) -> dict[str, Any]:
    return tomllib.loads(source_of(language))


def _fate(revert: Revert) -> str:
    """What became of a move back, as the templates call it."""
    if revert.refused:
        return "refused"
    return "reverted" if revert.left is None else f"left_{revert.left}"


def _was_created_there(deal: DealSnapshot, revert: Revert) -> bool:
    """Nobody moved the deal on: it was born where it could not stay."""
    if isinstance(deal.stage_history, Unread) or not revert.is_done:
        return False
    born = (entry for entry in deal.stage_history if entry.is_creation)
    return any(
        entry.stage_id == revert.from_stage_id and entry.entered_at == revert.moved_at for entry in born
    )


def _the_one_problem(violation: Violation) -> str:
    """What is wrong, where it is one thing only; "" else."""
    problems = violation.facts.get("problems", ())
    named = {each["problem"] for each in problems if isinstance(each, Mapping)}
    return named.pop() if len(named) == 1 else ""


def _stage_name(deal: DealSnapshot, stage_id: str) -> str:
    stage = deal.pipeline.stage(stage_id)
    return stage.name if stage else stage_id


def _defuse(value: Any) -> Any:
    """What reads the same and does nothing: no BB-code, no links, no invisible characters."""
    if not isinstance(value, str) or isinstance(value, Trusted):
        return value
    calm = without_invisible(value).replace("[", "［").replace("]", "］")
    return LINK.sub(lambda found: f"{found[0][:-1]}{WORD_JOINER}{found[0][-1]}", calm)
