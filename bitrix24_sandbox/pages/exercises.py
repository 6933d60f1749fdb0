"""The exercises for a new manager: each makes a card with one certain fault, all else in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bitrix24_sandbox.pages.clients import Person, make_contact, make_deal
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind


@dataclass(frozen=True, slots=True)
class Exercise:
    """`task` says what to do; `facts` what the manager knows of the client, filled in with the person.

    `moves_on`: the deal must also stand beyond its first stage in the end.
    """

    slug: str
    title: str
    task: str
    kind: Kind
    make: Callable[[Act, Person], int]
    facts: str = ""
    moves_on: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    title: str
    lead: str
    exercises: tuple[Exercise, ...]


_CLIENT = "Клиент: {full_name}, {birthdate}, мобильный {phone}, личная почта {email}."
_CONVERSATION = (
    "Вчера 20 минут говорили с клиентом по телефону. Хочет учиться на психолога заочно, работает, боится не "
    "успевать. Вы рассказали про занятия по выходным и рассрочку. Документы пришлёт в четверг, "
    "во вторник вы перезвоните и ответите про зачёт прошлых дисциплин."
)

COURSES = (
    Course(
        "Исправьте эти пять сделок",
        "В каждой не хватает одного обязательного поля. Прочтите в карточке, что не так, и исправьте.",
        (
            Exercise(
                "no-group",
                "Не выбрана группа продуктов",
                "Выберите, что покупает клиент: колледж — это «ВО/СПО».",
                Kind.DEAL,
                partial(make_deal, with_group=False),
            ),
            Exercise(
                "no-products",
                "Нет товара и суммы",
                "Добавьте товар: «Психология, 1 семестр» за 48 000 ₽.",
                Kind.DEAL,
                partial(make_deal, with_products=False),
            ),
            Exercise(
                "no-comment",
                "Разговор был, а комментария нет",
                "Напишите в таймлайне своими словами, о чём говорили и к чему пришли.",
                Kind.DEAL,
                partial(make_deal, comment=""),
                _CONVERSATION,
            ),
            Exercise(
                "poor-comment",
                "Вместо комментария — «НД»",
                "Отметка о звонке — не комментарий. Напишите развёрнутый.",
                Kind.DEAL,
                partial(make_deal, comment="НД"),
                _CONVERSATION,
            ),
            Exercise(
                "two-contacts",
                "Два контакта в одной сделке",
                "Договор заключает первый контакт. Второго отвяжите от сделки.",
                Kind.DEAL,
                partial(make_deal, contacts=2),
            ),
        ),
    ),
    Course(
        "Приведите в порядок контакты",
        "Контакт создают только с заполненными обязательными полями.",
        (
            Exercise(
                "no-birthdate",
                "Нет даты рождения",
                "Впишите дату рождения.",
                Kind.CONTACT,
                partial(make_contact, BIRTHDATE=None),
                _CLIENT,
            ),
            Exercise(
                "dummy-phone",
                "Выдуманный телефон",
                "Замените выдуманный номер настоящим.",
                Kind.CONTACT,
                partial(make_contact, phone="+7 999 999-99-99"),
                _CLIENT,
            ),
            Exercise(
                "no-name",
                "Контакт с именем «Тест»",
                "Впишите фамилию, имя и отчество, каждое в своё поле.",
                Kind.CONTACT,
                partial(make_contact, LAST_NAME=None, NAME="Тест", SECOND_NAME=None),
                _CLIENT,
            ),
            Exercise(
                "work-email",
                "Почта не того типа",
                "Адрес личный, а записан как рабочий: выберите тип «Частный».",
                Kind.CONTACT,
                partial(make_contact, email_type="WORK"),
                _CLIENT,
            ),
        ),
    ),
    Course(
        "Проведите сделку целиком",
        "Теперь всё сразу, как в обычный рабочий день.",
        (
            Exercise(
                "no-lead",
                "Сделка не из лида",
                "Создайте лид клиента прямо из карточки сделки: он привяжется сам.",
                Kind.DEAL,
                partial(make_deal, with_lead=False),
                _CLIENT,
            ),
            Exercise(
                "empty",
                "Пустая сделка",
                "Заполните всё и переведите сделку на следующую стадию так, чтобы она там осталась.",
                Kind.DEAL,
                partial(
                    make_deal, comment="", with_lead=False, with_group=False, with_products=False, contacts=0
                ),
                f"{_CLIENT}\n{_CONVERSATION}\nБерёт «Психология, 1 семестр» за 48 000 ₽, группа «ВО/СПО».",
                moves_on=True,
            ),
        ),
    ),
)
EXERCISES: Mapping[str, Exercise] = {each.slug: each for course in COURSES for each in course.exercises}
