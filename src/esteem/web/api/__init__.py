"""The figures for programs: JSON under /api/v1, described by its own OpenAPI 3.1 document, and a page for people at /api.

How to add an endpoint:

- A module of this package holds a ninja `Router`; `application.py` mounts it. The function takes `request` and query parameters with
  `Query(...)`, is decorated with `@answered` (answering.py), and returns plain dictionaries: of `evidence.publish.as_rows`, of
  `strategy.rows`, or made here from definitions. No figure is worked out or formatted here.
- `response=` names a model of `shapes.py`. It documents the answer and is what the tests hold answers to: unknown fields are refused.
- What goes wrong is raised as a `Problem`; it leaves as problem+json (RFC 9457) through web/errors.py.
"""

from __future__ import annotations

from esteem.web.api.application import routes as answers
from esteem.web.api.fhir import routes as fhir
from esteem.web.api.open_referral import routes as open_referral
from esteem.web.api.page import routes as page

routes = [*answers, *page, *open_referral, *fhir]
