"""What people type into a name's field when they have no name to type.

It is worse to call a real name false than to let a false one pass: Ли, Ын, Тестов and Гость are names of
people, so a word stands in these lists only if hardly anybody is called so.
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W\d_]+")
APOSTROPHES = re.compile(r"['’ʼ`´-]")
# A word that is no name wherever it stands.
NOT_NAMES = frozenset(
    """
    тест тестовый тестовая тестовое тестовые проверка test testing тестирование
    клиент клиентка клиенты покупатель покупательница заказчик заказчица контакт абонент посетитель собеседник
    client customer contact lead visitor username
    имя фамилия отчество фио name surname lastname firstname фамилияимя имяфамилия
    неизвестно неизвестный неизвестная неизвестен неизвестна аноним анонимный анонимно инкогнито
    unknown anonymous noname ноунейм безымени
    нет нету отсутствует отсутствуют none null undefined nil empty пусто пустой
    фыва фывап фывапр ывап йцук йцуке йцукен ячсм asdf asdfg asdfgh qwer qwerty zxcv zxcvb
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
# No first names, although somebody may bear them as a surname.
NOT_FIRST_NAMES = frozenset(
    """
    мама папа мать отец бабушка дедушка мужчина женщина девушка парень ребенок гость лид новый новая звонок
    """.split()  # noqa: SIM905
)
ABSENCES = frozenset(
    """
    нет нету отсутствует none null
    """.split()  # noqa: SIM905
)
PHRASES = re.compile(
    r"(без|не(т| имеет| указан[аоы]?| заполнен[аоы]?| знаю| помню| известн[аоы]|т данных))"
    r"( (имени|фамилии|отчества|данных|имя|фамилию|отчество))?"
    r"|(новый|новая|входящий|исходящий|пропущенный) (лид|контакт|клиент|звонок|гость)"
    r"|(заявка|звонок|лид|обращение|клиент|гость)( с)? (сайта?|авито|чата?|вк|инстаграма?|телеграма?)"
)
PHONE_DIGITS = 5


def name_fault(text: str, *, first_name: bool = False) -> str | None:
    """Tell why this is no name: contact_data, digits, no_letters, one_letter or placeholder; None for a name.

    >>> name_fault("Тест"), name_fault("И."), name_fault("О'Коннор"), name_fault("Ли")
    ('placeholder', 'one_letter', None, None)
    """
    text = unicodedata.normalize("NFC", text)
    words = [word.casefold().replace("ё", "е") for word in WORD.findall(APOSTROPHES.sub("", text))]
    digits = sum(character.isdecimal() for character in text)
    if "@" in text or digits > PHONE_DIGITS:
        return "contact_data"
    if digits:
        return "digits"
    if not words:
        return "no_letters"
    if all(_is_letter(word) for word in WORD.findall(text)):
        return "one_letter"
    return "placeholder" if _is_placeholder(words, first_name=first_name) else None


def says_there_is_none(text: str) -> bool:
    """Whether the field says that its owner has no such name: «нет», «-», «без отчества».

    >>> says_there_is_none("-"), says_there_is_none("без отчества"), says_there_is_none("Тест")
    (True, True, False)
    """
    words = [word.casefold() for word in WORD.findall(text)]
    if any(character.isalnum() for character in text) and not words:
        return False
    return set(words) <= ABSENCES or " ".join(words) in {"без отчества", "не указано", "не имеет"}


def _is_placeholder(words: list[str], *, first_name: bool) -> bool:
    listed = NOT_NAMES | NOT_FIRST_NAMES if first_name else NOT_NAMES
    if all(word in listed or _is_one_letter_repeated(word) for word in words):
        return True
    return PHRASES.fullmatch(" ".join(words)) is not None


def _is_one_letter_repeated(word: str) -> bool:
    return len(word) > 2 and len(set(word)) == 1


def _is_letter(word: str) -> bool:
    """Where letters have no upper case, one sign may be a whole name: 李, 김."""
    return len(word) == 1 and word.upper() != word.lower()
