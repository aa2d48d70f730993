"""The page about expressions tells exactly the functions there are."""

from engine.expressions.help import with_functions
from tests.engine.expressions.page import PAGE, offered


def test_page_and_functions_are_equal():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_functions(page, offered()), "run python -m tests.engine.expressions.page"
