"""Our commands as the portal wants them."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.transport.query import encode, strings
from gatekeeper.portal.wire import cards as wire

DEAL = EntityRef(Kind.DEAL, 41)
COMMANDS = [
    wire.items_command(Kind.CONTACT, list(range(1, 51))),
    wire.item_command(DEAL),
    wire.client_leads_command([84, 91], 50),
    wire.comments_command(DEAL),
    wire.rows_command(DEAL),
    wire.stage_history_command([41], 50),
    wire.stage_history_command([41, 42]),
    wire.deals_of_leads_command([17, 18]),
    wire.pointer_command(EntityRef(Kind.COMMENT, 7)),
    wire.pointer_command(EntityRef(Kind.ACTIVITY, 7)),
    wire.pipelines_command(),
    wire.stages_command(0),
    wire.stages_command(3),
    wire.deal_fields_command(),
    wire.add_comment_command(DEAL, "НД +7 & 100% [b]"),
    wire.update_comment_command(7, "НД"),
    wire.move_command(DEAL, "C3:NEW"),
    wire.newest_contact_command(),
    wire.contact_window_command(0, 50),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.method)
def test_every_command_can_be_said_inside_a_batch(command: Any) -> None:
    assert encode(strings(command.params))


def test_no_list_of_contacts_names_its_fields() -> None:
    """The portal drops phones and addresses from a list that does."""
    for command in (wire.items_command(Kind.CONTACT, [1]), wire.contact_window_command(0, 50)):
        assert "select" not in command.params


def test_the_default_pipelines_stages_have_a_name_of_their_own() -> None:
    names = [wire.stages_command(each).params["filter"] for each in (0, 3)]
    assert names == [{"ENTITY_ID": "DEAL_STAGE"}, {"ENTITY_ID": "DEAL_STAGE_3"}]
