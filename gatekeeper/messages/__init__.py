"""From what was found to the words people read, in Russian or English.

The words stand in `ru.toml` and `en.toml` beside this file as Jinja templates. Whatever a template prints
from a card (a name, a manager's own comment) loses its power as markup; only the templates themselves may
speak BB-code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gatekeeper.messages.invisible import without_invisible
from gatekeeper.model.cards import DealSnapshot, Snapshot, Unread
from gatekeeper.model.findings import Announcement, Violation
from gatekeeper.model.history import Grace, Revert
from gatekeeper.model.refs import EntityRef
from gatekeeper.model.signature import sign

LANGUAGES = ("ru", "en")
NO_GRACE: Mapping[str, Grace] = {}
LINK = re.compile(r"(?i)\b(https?:|www\.)")
MARKUP = re.compile(r"\[/?\w+[^\]]*\]")  # the template's own: what a card says has no brackets left
WORD_JOINER = "\u2060"


class Trusted(str):
    """What a template of ours has made already, brackets and all."""

    __slots__ = ()


class Messages:
    """Templates of one language, compiled when first used."""

    def __init__(self, templates: Mapping[str, Any]) -> None:
        self._words = templates
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, finalize=_defuse, trim_blocks=True, lstrip_blocks=True
        )
        self._environment.filters.update(self.filters)
        self._compiled: dict[str, Template] = {}

    @classmethod
    def in_language(cls, language: str, templates: Mapping[str, Any] | None = None) -> Messages:
        """The package's own templates, or the proven ones of an admin (`proof.lay_over`) in their place."""
        return cls(templates) if templates else _own(language)

    def render(self, template: str, **facts: Any) -> str:
        """Fill a template of these words in, on one line."""
        return self._render(template, **facts)

    def render_comment(
        self,
        snapshot: Snapshot,
        violations: Sequence[Violation],
        cured: Sequence[str],
        revert: Revert | None,
        coming: Announcement | None = None,
        graces: Mapping[str, Grace] = NO_GRACE,
    ) -> str:
        """The living comment of one card, signed. Without violations and announcement it is the all-clear.

        On a lost deal that is no all-clear: nothing was cured, and nobody is to be thanked.

        `graces` has, by rule, the respite that its violation still has.
        """
        comment = self._words["comment"]
        wrong = "grace" if all(each.rule in graces for each in violations) else "wrong"
        well = "well" if cured else "calm"
        if isinstance(snapshot, DealSnapshot) and snapshot.is_lost:
            well = "lost"
        name = wrong if violations else "soon" if coming else well
        lines = [self._render(comment[name], kind=snapshot.ref.kind.value)]
        if revert is not None and isinstance(snapshot, DealSnapshot):
            lines.append(self._render_revert(snapshot, revert))
        for violation in violations:
            until = self.until(graces[violation.rule], snapshot) if violation.rule in graces else ""
            lines.append(f"☐ {self.render_violation(violation, until=until)}")
        if coming is not None:
            lines.append(f"⏳ {self.render_announcement(coming)}")
        if violations or coming:
            lines += [f"☑ {self.title(rule)}" for rule in cured]
        return sign("\n".join(lines), snapshot.ref, comment["signature"])

    def render_closed(self, ref: EntityRef) -> str:
        """The last words of a second note of ours on one card, signed."""
        return sign(self._render(self._words["comment"]["closed"]), ref, self._words["comment"]["signature"])

    def render_notice(
        self,
        ref: EntityRef,
        violations: Sequence[Violation],
        revert: Revert | None,
        stages: Mapping[str, str],
    ) -> str:
        """A notice of one card; `stages` are the names that the revert speaks of, `before` and `after`."""
        words = self._words["notice"]
        rules = revert.rules if revert else [violation.rule for violation in violations]
        said = self._render(
            words[_fate(revert) if revert else "violation"],
            card=self.render_card(ref),
            before=stages.get("before", ""),
            after=stages.get("after", ""),
            rules=[self.title(rule) for rule in rules],
            mover=revert.mover if revert else "",
        )
        return f"{said} {words['more']}"

    def render_card(self, ref: EntityRef) -> Trusted:
        """A card as notices call it, with a link to it."""
        return Trusted(self._render(self._words["notice"]["card"][ref.kind.value], id=ref.id))

    def render_undone(self, ref: EntityRef, medium: str) -> str:
        """A notice that what we write into this card is undone again and again."""
        return self._render(self._words["notice"]["undone"], card=self.render_card(ref), medium=medium)

    def render_breaker(self, reverts: int, minutes: int) -> str:
        return self._render(self._words["notice"]["breaker"], reverts=reverts, minutes=minutes)

    def render_trouble(self, facts: Mapping[str, str]) -> str:
        """What the gate does not see (kind, subject, since), or what it did not see up to `until`."""
        words, until = self._words["notice"]["trouble"], facts.get("until")
        mute = until is not None and facts["subject"] == "im"
        name = facts["kind"] if until is None else "mute" if mute else "blind"
        times = {each: self._moment(facts[each]) for each in ("since", "until") if each in facts}
        return self._render(words[name], **{**facts, **times})

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """What a template may pass a fact through, beside Jinja's own."""
        return {"day": self._day, "plural": plural}

    @property
    def check(self) -> dict[str, Any]:
        """The words of `gatekeeper check`."""
        words: dict[str, Any] = self._words["check"]
        return words

    def words_of(self, command: str) -> dict[str, Any]:
        """The words of the digest, or of `explain`, `replay`, `whatif`, `exempt`; most are for `render`."""
        words: dict[str, Any] = self._words[command]
        return words

    def render_violation(self, violation: Violation, *, markup: bool = True, until: str = "") -> str:
        """One line: the rule's name, what was found, how to mend it, and with markup why it matters.

        `until` is the time by which it is to be mended, as `until()` writes it.
        """
        words = self._words["rules"][violation.rule]
        found = self._render(words["found"], **violation.facts)
        by = f" ({self._render(self._words['comment']['until'], until=until)})" if until else ""
        if not markup:
            return f"{words['title']}{by} — {MARKUP.sub('', found)}"
        return f"[b]{words['title']}[/b]{by} — {found} [i]{words['why']}[/i]"

    def until(self, grace: Grace, snapshot: Snapshot) -> str:
        """When a grace ends, by the portal's clock: the card's own times bear its offset."""
        zone = snapshot.created_at.tzinfo
        began, due = grace.began_at.astimezone(zone), grace.due_at.astimezone(zone)
        form = "time" if began.date() == due.date() else "moment"
        return due.strftime(self._words["comment"][form])

    def render_announcement(self, coming: Announcement) -> str:
        """What will be violated, by when, and what keeps it off."""
        return self._render(self._words["rules"][coming.rule]["soon"], **coming.facts)

    def title(self, rule: str) -> str:
        title: str = self._words["rules"][rule]["title"]
        return title

    def unread(self, why: Iterable[Unread]) -> str:
        """Why something was not judged, for an admin; one reason after the other."""
        words = self._words["unread"]
        return "; ".join(self._render(words[each.code], **dict(each.facts)) for each in why)

    def _render_revert(self, deal: DealSnapshot, revert: Revert) -> str:
        return self._render(
            self._words["comment"][_fate(revert)],
            before=_stage_name(deal, revert.from_stage_id),
            after=_stage_name(deal, revert.to_stage_id),
            rules=[self.title(rule) for rule in revert.rules],
            mover=revert.mover,
        )

    def _moment(self, iso: str) -> str:
        return datetime.fromisoformat(iso).strftime(self._words["comment"]["moment"])

    def _day(self, iso: str) -> str:
        return date.fromisoformat(iso).strftime(self._words["comment"]["day"])

    def _render(self, template: str, **values: Any) -> str:
        compiled = self._compiled.get(template)
        if compiled is None:  # compiling takes a hundred times as long as filling in
            compiled = self._compiled[template] = self._environment.from_string(template)
        return " ".join(compiled.render(**values).split())


def plural(number: int, one: str, few: str, many: str | None = None) -> str:
    """The number with the form that goes with it: three forms as in Russian, two as in English.

    >>> plural(21, "день", "дня", "дней"), plural(12, "день", "дня", "дней"), plural(1, "day", "days")
    ('21 день', '12 дней', '1 day')
    """
    if many is None:
        return f"{number} {one if number == 1 else few}"
    tens, ones = divmod(number % 100, 10)
    if tens == 1 or ones == 0 or ones > 4:
        return f"{number} {many}"
    return f"{number} {one if ones == 1 else few}"


def source_of(language: str) -> str:
    """The package's own file of that language; ValueError for a language that there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"no messages in {language!r}, only in {', '.join(LANGUAGES)}")
    return files("gatekeeper.messages").joinpath(f"{language}.toml").read_text(encoding="utf-8")


@cache
def _own(language: str) -> Messages:
    """Share the package's own, so that each template is compiled once."""
    return Messages(own_templates(language))


def own_templates(language: str) -> dict[str, Any]:
    return tomllib.loads(source_of(language))


def _fate(revert: Revert) -> str:
    """What became of a move back, as the templates call it."""
    if revert.refused:
        return "refused"
    return "reverted" if revert.left is None else f"left_{revert.left}"


def _stage_name(deal: DealSnapshot, stage_id: str) -> str:
    stage = deal.pipeline.stage(stage_id)
    return stage.name if stage else stage_id


def _defuse(value: Any) -> Any:
    """What reads the same and does nothing: no BB-code, no links, no invisible characters."""
    if not isinstance(value, str) or isinstance(value, Trusted):
        return value
    calm = without_invisible(value).replace("[", "［").replace("]", "］")
    return LINK.sub(lambda found: f"{found[0][:-1]}{WORD_JOINER}{found[0][-1]}", calm)
