"""The API as one application: its endpoints, its OpenAPI document, and what a wrong parameter answers."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.openapi.schema import REF_TEMPLATE
from ninja.operation import Operation

from esteem import __version__
from esteem.terms.problems import Problem, Problems
from esteem.web import errors
from esteem.web.api import directory, figures, measures, places, shapes, sources, strategies
from esteem.web.api.answering import CACHE

ROOT = "/api/v1/"
_ABOUT = (
    "Public figures of Esteem, as published, with source, method, interval and flags. Everything can be read by anyone from anywhere, "
    "with GET or HEAD. Lists come in pages: follow `next`. Each answer carries an ETag; send it back as If-None-Match."
)


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The plain name of the function: `figures`, `one_place`. They are all different."""
        return operation.view_func.__name__


api = _Api(title="Esteem", version=__version__, description=_ABOUT, openapi_url=None, docs_url=None)
for part in (strategies, measures, figures, places, sources, directory):
    api.add_router("", part.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, wrong: Problem) -> HttpResponse:
    return errors.problem(request, wrong)


@api.exception_handler(Problems)
def _problems(request: HttpRequest, wrong: Problems) -> HttpResponse:
    return errors.problem(request, *wrong.problems)


@api.exception_handler(ValidationError)
def _wrong_parameters(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return errors.problem(request, *(_parameter(request, error) for error in wrong.errors))


def _parameter(request: HttpRequest, error: dict) -> Problem:
    name = str(error["loc"][-1])
    found = request.GET.get(name)
    return Problem(
        "parameter-wrong",
        f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}.",
        "nothing" if found is None else found[:80],
        "Write it as the list of parameters says: /api.",
        column=name,
    )


@cache
def document() -> dict:
    """The OpenAPI document. What can go wrong is the same everywhere, so it is written here once for each endpoint."""
    made = dict(api.get_openapi_schema(path_prefix=ROOT))
    made["components"]["schemas"] |= _problem_schemas()
    problem = {"application/problem+json": {"schema": {"$ref": REF_TEMPLATE.format(model="ProblemDetails")}}}
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [_with_example(one) for one in operation.get("parameters", [])]
            operation["responses"] |= {
                304: {"description": "What you have is still right (If-None-Match)"},
                400: {"description": "A parameter is wrong, or the question has no valid answer", "content": problem},
                404: {"description": "There is nothing of this name", "content": problem},
            }
    return made


def _with_example(parameter: dict) -> dict:
    """OpenAPI 3.1 wants one `example` of a parameter (its `examples` are named objects); the package writes a bare list."""
    rest = {name: value for name, value in parameter.items() if name != "examples"}
    return rest | {"example": parameter["examples"][0]} if parameter.get("examples") else rest


def _problem_schemas() -> dict:
    made = shapes.ProblemDetails.model_json_schema(ref_template=REF_TEMPLATE)
    return {**made.pop("$defs"), "ProblemDetails": made}


def serve_document(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), headers={"Cache-Control": CACHE})


# The package's own root answers nothing and its page of documents loads scripts from elsewhere: neither is served.
_endpoints = [route for route in api.urls[0] if route.name != "api-root"]
routes = [path(f"{ROOT[1:]}openapi.json", serve_document, name="api-document"), path(ROOT[1:], include(_endpoints))]
