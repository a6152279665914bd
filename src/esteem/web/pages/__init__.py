"""Pages, one module per subject (`measures.py`, `places.py`, ...).

How to add a page:

- The module exposes `routes`, a list of Django `path("measures/<slug:measure>", view, name="measure")`; addresses have no slash at the
  end. Nothing else needs to know of it. Parts that are not pages lie in modules whose names begin with an underscore.
- A view gets `request.as_at` (a date or None), asks (`evidence.ask`, `strategy.sheet`), makes a view model in `web/words`, and ends with
  `django.shortcuts.render(request, "measure.jinja", {...})`. It decides nothing and formats no figure: `evidence.publish` does.
- The template begins `{% extends "layout.jinja" %}` and fills `{% block content %}`. The context may hold `title` (also the heading),
  `section` (a key of web/navigation.py) and `breadcrumbs`, a list of (text, address) from home down to the parent of the page.
- `link("/places", q="Bexley")` in a template keeps `as_at`; every address of our own goes through it. `asset("esteem/shell.css")` names a
  file of `static/`. Components: `{% from "nhsuk/components/tag/macro.jinja" import tag %}`; only those that work without a script.
- No inline style, no script, no address of another site in `src`: the content security policy (web/security.py) blocks them.
- What goes wrong is raised as a `Problem`; codes that end in `-unknown` or `-missing` answer 404, most others 400 (web/errors.py).
"""
