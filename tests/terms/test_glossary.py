"""The glossary: one list of words, in which every term can be told from every other."""

from __future__ import annotations

from esteem.terms.glossary import all_terms, as_markdown


def test_the_document_is_made_from_the_list(root):
    assert (root / "docs" / "glossary.md").read_text(encoding="utf-8") == as_markdown(), (
        "run: python -m esteem.terms.glossary > docs/glossary.md"
    )


def test_no_two_terms_share_a_name_an_address_or_a_short_form():
    terms = all_terms()
    shorts = [term.short for term in terms if term.short]
    assert len({term.name.lower() for term in terms}) == len({term.key for term in terms}) == len(terms)
    assert len(set(shorts)) == len(shorts)


def test_every_meaning_is_a_sentence():
    assert [term.name for term in all_terms() if not (term.meaning[0].isupper() and term.meaning.endswith("."))] == []
