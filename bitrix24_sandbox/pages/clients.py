"""The clients of the exercises and their cards: as they should be, but for what is said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bitrix24_sandbox import cards, products, timeline
from bitrix24_sandbox.communications import MultifieldChange
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind

_SURNAMES = """
    Абрамова Белова Васильева Громова Данилова Егорова Жукова Зайцева Ильина Крылова Ларина Миронова
    Никитина Орлова Павлова Романова Савельева
""".split()  # noqa: SIM905
_NAMES = "Алина Вера Дарья Елена Инна Ксения Лидия Мария Нина Ольга Полина".split()  # noqa: SIM905
_PATRONYMICS = "Андреевна Борисовна Викторовна Денисовна Ильинична Максимовна Олеговна".split()  # noqa: SIM905
_LATIN = dict(
    zip(
        "абвгдежзиклмнопрстуфхцчшыья",
        "a b v g d e zh z i k l m n o p r s t u f kh ts ch sh y - ya".split(),  # noqa: SIM905
        strict=True,
    )
)
_DIGITS = 10_000_000
_RELATIVE = 100_000
TALK = (
    "Звонила мама: дочь хочет на дизайн после 9 класса, смущает цена. Рассказали про очную форму и "
    "рассрочку, договорились, что в пятницу в 15:00 приедут на экскурсию с аттестатом."
)


@dataclass(frozen=True, slots=True)
class Person:
    """A client of the exercises, another one for each number, so that no two are one another's duplicates."""

    number: int

    @property
    def names(self) -> tuple[str, str, str]:
        """Surname, name, patronymic."""
        n = self.number
        return _SURNAMES[n % len(_SURNAMES)], _NAMES[n % len(_NAMES)], _PATRONYMICS[n % len(_PATRONYMICS)]

    @property
    def birthdate(self) -> date:
        return date(2004, 2, 11) + timedelta(days=self.number * 97 % 1400)

    @property
    def phone(self) -> str:
        digits = f"{(4_816_273 + self.number * 730_571) % _DIGITS:07}"
        return f"+7 916 {digits[:3]}-{digits[3:5]}-{digits[5:]}"

    @property
    def email(self) -> str:
        surname, name, _ = (
            "".join(_LATIN.get(letter, "") for letter in each.lower()).replace("-", "") for each in self.names
        )
        return f"{name}.{surname}{self.number % 1000}@mail.ru"


def make_contact(act: Act, person: Person, **other: Any) -> int:
    """Fill a contact as it should be but for `other`: stored fields, and `phone`, `email`, `email_type`."""
    surname, name, patronymic = person.names
    phone, email = other.pop("phone", person.phone), other.pop("email", person.email)
    values = {
        "LAST_NAME": surname,
        "NAME": name,
        "SECOND_NAME": patronymic,
        "BIRTHDATE": person.birthdate.isoformat(),
        "FM": [
            MultifieldChange("PHONE", "MOBILE", phone),
            MultifieldChange("EMAIL", other.pop("email_type", "HOME"), email),
        ],
    }
    return cards.add(act, Kind.CONTACT, values | other)


def make_deal(
    act: Act,
    person: Person,
    *,
    comment: str = TALK,
    with_lead: bool = True,
    with_group: bool = True,
    with_products: bool = True,
    contacts: int = 1,
) -> int:
    """Fill a deal as it should be but for what is said otherwise."""
    surname, name, _ = person.names
    values: dict[str, Any] = {"TITLE": f"Поступление: {name} {surname}"}
    if with_lead:
        lead = {"TITLE": f"Заявка с сайта: {name} {surname}", "NAME": name, "LAST_NAME": surname}
        values["LEAD_ID"] = cards.add(act, Kind.LEAD, lead)
    if with_group:
        field = act.store.catalogue(Kind.DEAL).by_code("UF_CRM_PRODUCT_GROUP")
        values["UF_CRM_PRODUCT_GROUP"] = int(field.items[0][0]) if field and field.items else None
    values["CONTACT_IDS"] = [make_contact(act, each) for each in _family(person)[:contacts]]
    deal_id = cards.add(act, Kind.DEAL, values)
    if with_products:
        row = {"product_name": "Дизайн, 1 курс", "price": 90000, "quantity": 1}
        products.set_rows(act, Kind.DEAL, deal_id, [row])
    if comment:
        timeline.add_comment(act, Kind.DEAL, deal_id, comment)
    return deal_id


def _family(person: Person) -> tuple[Person, Person]:
    return person, Person(person.number + _RELATIVE)
