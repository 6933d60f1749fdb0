import pytest

from bitrix24_sandbox.pages.notes import State, parse_note
from bitrix24_sandbox.schema import Kind

WARNING = (
    "[b]Не по регламенту.[/b]\n↩ Сделка возвращена\n☐ [b]Контакт[/b]\n☐ Лид\n☑ Товар\n"
    "Контроль · gk-d41-0a1b2c3d"
)


def test_a_warning_is_read_line_by_line() -> None:
    note = parse_note(WARNING, Kind.DEAL, 41)

    assert note is not None
    assert (note.state, note.todo) == (State.WARNING, 2)
    assert [line.tone for line in note.lines] == ["text", "moved", "todo", "todo", "done", "mark"]
    assert note.lines[2].text == "[b]Контакт[/b]"


def test_without_anything_to_do_it_is_the_all_clear() -> None:
    note = parse_note("☑ [b]Все замечания устранены.[/b]\nКонтроль · gk-c7-0a1b2c3d", Kind.CONTACT, 7)

    assert note is not None
    assert note.state is State.CLEAR


@pytest.mark.parametrize("end", ["", "\n", "  ", "[/i]", "[/i][/b]\n"])
def test_the_mark_may_be_followed_by_closing_tags_and_blanks(end: str) -> None:
    assert parse_note(WARNING + end, Kind.DEAL, 41)


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        (WARNING, Kind.DEAL, 42),
        (WARNING, Kind.LEAD, 41),
        (WARNING + "\nа я не согласна", Kind.DEAL, 41),
        ("☐ сделать звонок", Kind.DEAL, 41),
        ("Контроль · gk-d41-0a1b2c3", Kind.DEAL, 41),
        ("Контроль · gk-x41-0a1b2c3d", Kind.DEAL, 41),
        ("", Kind.DEAL, 41),
    ],
)
def test_what_a_person_wrote_is_no_note(text: str, kind: Kind, number: int) -> None:
    assert parse_note(text, kind, number) is None
