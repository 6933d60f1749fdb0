import pytest

from bitrix24_sandbox.pages.bbcode import render_bbcode


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "[b]жирно[/b] [i]косо[/i] [u]черта[/u] [s]нет[/s]",
            "<strong>жирно</strong> <em>косо</em> <u>черта</u> <s>нет</s>",
        ),
        ("[B]регистр[/b]", "<strong>регистр</strong>"),
        ("[b][i]вложено[/b] дальше[/i]", "<strong><em>вложено</em></strong> дальше[/i]"),
        ("[b]не закрыто", "<strong>не закрыто</strong>"),
        ("не открыто[/b]", "не открыто[/b]"),
        ("[user=2]Анна[/user]", '<span class="mention">Анна</span>'),
        ("[user=два]Анна[/user]", "[user=два]Анна[/user]"),
        ("[list]\n[*]раз\n[*]два\n[/list]конец", "<ul><li>раз\n</li><li>два\n</li></ul>конец"),
        ("[*] не в списке", "[*] не в списке"),
        ("[img]http://x/y.png[/img]", "[img]http://x/y.png[/img]"),
        ("[b=1]не тег[/b]", "[b=1]не тег[/b]"),
        ("раз\nдва", "раз\nдва"),
        ("", ""),
    ],
)
def test_a_handful_of_tags_come_through_and_everything_else_is_text(written: str, shown: str) -> None:
    assert str(render_bbcode(written)) == shown


@pytest.mark.parametrize("address", ["https://example.com/?a=1", "http://example.com", "/deal/41"])
@pytest.mark.parametrize("form", ["[url={0}]{0}[/url]", "[url]{0}[/url]"])
def test_web_addresses_and_paths_of_the_portal_become_links(address: str, form: str) -> None:
    assert str(render_bbcode(form.format(address))) == f'<a href="{address}" rel="noreferrer">{address}</a>'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data://example.com/,<script>alert(1)</script>",
        "ftp://example.com",
        "//example.com",
        "/\\example.com",
        "http://",
        "http://[::1",
        "",
    ],
)
def test_no_other_address_becomes_a_link(address: str) -> None:
    assert "<a" not in render_bbcode(f"[url={address}]нажми[/url]")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '[url=https://example.com/" onclick="alert(1)]нажми[/url]',
        "[url=https://example.com/'><script>]нажми[/url]",
        "[b]<script>[/b]",
        "[list]<script>[*]<b>[/list]",
        '[user=2" onclick="alert(1)]x[/user]',
    ],
)
def test_markup_in_the_text_stays_text(attack: str) -> None:
    shown = str(render_bbcode(attack))
    for dangerous in ("<script", "<img", 'onclick="', "<b>"):
        assert dangerous not in shown
