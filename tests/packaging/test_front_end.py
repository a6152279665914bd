"""The style sheet we serve: nothing of another site in it, colours as variables, focus left alone."""

from __future__ import annotations

import importlib.util

import pytest


@pytest.fixture(scope="module")
def front_end(root):
    spec = importlib.util.spec_from_file_location("front_end", root / "packaging" / "front_end.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_takes_fonts_and_source_maps_of_other_sites_out(front_end):
    sheet = "@font-face{font-family:X;src:url(https://fonts.example.org/x.woff2)}p{margin:0}/*# sourceMappingURL=x.css.map */"
    assert front_end.build(sheet, {}) == "p{margin:0}"


def test_refuses_a_sheet_that_still_names_another_site(front_end):
    with pytest.raises(ValueError, match="another site"):
        front_end.build("p{background:url(https://pictures.example.org/x.png)}", {})


def test_a_colour_becomes_a_variable_named_for_what_it_does(front_end):
    built = front_end.build("a{color:#005eb8;background-color:#fff;border:1px solid #d8dde0;margin:0}", {})
    ground, line = "background-color:var(--ground-fff,#fff)", "border:1px solid var(--line-d8dde0,#d8dde0)"
    assert built == "a{color:var(--text-005eb8,#005eb8);" + ground + ";" + line + ";margin:0}"


def test_colours_inside_a_condition_are_found_too(front_end):
    assert "var(--text-4c6272,#4c6272)" in front_end.build("@media (min-width:40em){p{color:#4c6272}}", {})


@pytest.mark.parametrize("rule", ["a:focus{color:#212b32;background-color:#ffeb3b}", ":root{--x:#fff}", "p{color:#000}"])
def test_focus_definitions_and_ink_for_paper_keep_their_colours(front_end, rule):
    assert front_end.build(rule, {}) == rule


def test_icons_are_put_into_the_sheet(front_end):
    built = front_end.build("b{mask:url(/assets/images/nhsuk-icon-cross.svg)}", {"nhsuk-icon-cross.svg": '<svg fill="#000"/>'})
    assert built == 'b{mask:url("data:image/svg+xml,%3Csvg%20fill%3D%22%23000%22/%3E")}'
