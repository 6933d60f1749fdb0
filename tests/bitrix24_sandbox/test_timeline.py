"""Comments, pins, notes, log lines."""

from __future__ import annotations

import pytest

from tests.bitrix24_sandbox.conftest import Client


def comments(portal: Client, deal: int, **params: object) -> list[dict[str, str]]:
    wanted = {"filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal}} | params
    rows: list[dict[str, str]] = portal.call("crm.timeline.comment.list", wanted)
    return rows


def test_the_author_is_whoever_calls_whatever_the_fields_say(portal: Client) -> None:
    deal = portal.deal()
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "текст", "AUTHOR_ID": 4}
    portal.call("crm.timeline.comment.add", {"fields": fields})
    portal.call("crm.timeline.comment.add", {"fields": fields}, user=2)
    assert [comment["AUTHOR_ID"] for comment in comments(portal, deal)] == ["1", "2"]


def test_the_same_comment_twice_is_two_comments_with_rising_ids(portal: Client) -> None:
    deal = portal.deal()
    first, second = portal.comment(deal, "звонил"), portal.comment(deal, "звонил")
    assert second > first
    assert [comment["ID"] for comment in comments(portal, deal)] == [str(first), str(second)]


def test_a_comment_is_all_strings_and_has_files_only_when_it_has_some(portal: Client) -> None:
    deal = portal.deal()
    number = portal.comment(deal, "текст [b]жирный[/b]\nстрока")
    comment = portal.call("crm.timeline.comment.get", {"id": number})
    assert comment["COMMENT"] == "текст [b]жирный[/b]\nстрока"
    assert set(comment) == {"ID", "ENTITY_ID", "ENTITY_TYPE", "CREATED", "COMMENT", "AUTHOR_ID"}
    assert all(isinstance(value, str) for value in comment.values())
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "с файлом", "FILES": [["a.txt", "eA=="]]}
    with_file = portal.call("crm.timeline.comment.add", {"fields": fields})
    assert "FILES" in portal.call("crm.timeline.comment.get", {"id": with_file})


def test_a_list_without_its_owner_is_called_a_lack_of_rights(portal: Client) -> None:
    deal = portal.deal()
    for wanted in (
        {},
        {"ENTITY_ID": deal},
        {"ENTITY_TYPE": "deal"},
        {"ENTITY_TYPE": "deal", "ENTITY_ID": 99},
    ):
        answer = portal.post("crm.timeline.comment.list", {"filter": wanted})
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": "", "error_description": "Access denied."},
        )


def test_lists_are_ordered_with_capitals_only_and_paged(portal: Client) -> None:
    deal = portal.deal()
    add = f"crm.timeline.comment.add?fields[ENTITY_TYPE]=deal&fields[ENTITY_ID]={deal}&fields[COMMENT]=к"
    cmd = {f"c{n}": f"{add}{n}" for n in range(50)}
    portal.batch(cmd)
    portal.comment(deal, "последний")
    assert comments(portal, deal, order={"ID": "DESC"})[0]["COMMENT"] == "последний"
    assert comments(portal, deal, order={"ID": "desc"})[0]["COMMENT"] == "к0"
    assert [row["COMMENT"] for row in comments(portal, deal, start=50)] == ["последний"]
    owner = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, ">ID": 50}
    assert [row["COMMENT"] for row in comments(portal, deal, filter=owner)] == ["последний"]
    assert set(comments(portal, deal, select=["ID", "COMMENT"])[0]) == {"ID", "COMMENT"}


def test_a_comment_is_changed_and_deleted(portal: Client) -> None:
    deal = portal.deal()
    number = portal.comment(deal, "было")
    assert (
        portal.call("crm.timeline.comment.update", {"id": number, "fields": {"COMMENT": "стало"}}) == number
    )
    assert comments(portal, deal)[0]["COMMENT"] == "стало"
    assert portal.call("crm.timeline.comment.delete", {"id": number}) is None
    assert comments(portal, deal) == []
    assert portal.refused("crm.timeline.comment.delete", {"id": number}) == (400, "NOT_FOUND")
    assert portal.refused("crm.timeline.comment.get", {"id": number}) == (400, "")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": 1, "COMMENT": " \n"}}, "INVALID_ARG_VALUE"),
        ({"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": 99, "COMMENT": "x"}}, "OWNER_NOT_FOUND"),
        ({"fields": {"ENTITY_TYPE": "parrot", "ENTITY_ID": 1, "COMMENT": "x"}}, "OWNER_NOT_FOUND"),
        ({"FIELDS": {"ENTITY_TYPE": "deal", "ENTITY_ID": 1, "COMMENT": "x"}}, 100),
    ],
)
def test_wrong_comments_are_refused(portal: Client, params: dict[str, object], code: object) -> None:
    portal.deal()
    assert portal.refused("crm.timeline.comment.add", params) == (400, code)


def test_a_comment_moves_the_last_activity_and_not_the_time_of_change(portal: Client) -> None:
    deal = portal.deal()
    old = "2026-01-01T00:00:00+03:00"
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"updatedTime": old, "lastActivityTime": old}})
    portal.comment(deal, "текст", user=3)
    item = portal.item(2, deal)
    assert item["updatedTime"] == old
    assert (item["lastActivityTime"] > old, item["lastActivityBy"]) == (True, 3)


def test_three_entries_can_be_pinned_and_no_fourth(portal: Client) -> None:
    deal, other = portal.deal(), portal.deal()
    numbers = [portal.comment(deal, "к") for _ in range(4)]
    for number in numbers[:3]:
        assert portal.call("crm.timeline.item.pin", {"id": number, "ownerTypeId": 2, "ownerId": deal}) is None
    fourth = {"id": numbers[3], "ownerTypeId": 2, "ownerId": deal}
    assert portal.refused("crm.timeline.item.pin", fourth) == (400, 0)
    portal.call("crm.timeline.item.unpin", {"id": numbers[0], "ownerTypeId": 2, "ownerId": deal})
    assert portal.call("crm.timeline.item.pin", fourth) is None
    foreign = {"id": numbers[0], "ownerTypeId": 2, "ownerId": other}
    assert portal.refused("crm.timeline.item.pin", foreign) == (400, "CAN_NOT_CHANGE_PINNED")


def test_log_lines_and_notes_are_kept(portal: Client) -> None:
    deal = portal.deal()
    fields = {"entityTypeId": 2, "entityId": deal, "title": "Проверка", "text": "ok", "iconCode": "info"}
    line = portal.call("crm.timeline.logmessage.add", {"fields": fields})["logMessage"]
    listed = portal.call("crm.timeline.logmessage.list", {"entityTypeId": 2, "entityId": deal})["logMessages"]
    assert listed == [line]
    assert comments(portal, deal) == []
    del fields["iconCode"]
    assert portal.refused("crm.timeline.logmessage.add", {"fields": fields}) == (400, 100)
    note = {"ownerTypeId": 2, "ownerId": deal, "itemType": 1, "itemId": line["id"], "text": "заметка"}
    assert portal.call("crm.timeline.note.save", note) is True
