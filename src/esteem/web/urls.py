"""Every address of the site, composed from the modules that answer: each module of `web/pages` and `web/api` exposes `routes`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from esteem.web import api, assets, errors, pages


def routes_of(package) -> list:
    """The `routes` (lists of django `path(...)`) of every module of `package`, by order of module name.

    A module without `routes` is part of a page, not a page: its name begins with an underscore, or it lies in a package of its own.
    """
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")]
    return [route for name in names for route in import_module(f"{package.__name__}.{name}").routes]


urlpatterns = [*assets.routes, *routes_of(pages), *getattr(api, "routes", [])]

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.failed
