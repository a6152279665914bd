"""The mark of a status: one shape each, so that it reads without colour. The word always stands beside it."""

from __future__ import annotations

from esteem.web.charts.svg import Chart, drawing, element

SIZE = 20
INKS = {
    "kept": "#00703c",
    "on_course": "#005ea5",
    "at_risk": "#8a5a00",
    "not_kept": "#a51b0b",
    "cannot_tell": "#4c6272",
    "not_yet": "#4c6272",
}


def status_mark(status: str) -> Chart:
    """Disc: kept. Arrowhead to the right: on course. Diamond: at risk. Triangle: not kept. Ring: cannot tell. Dashed ring: not yet."""
    ink = INKS[status]
    name = f"status-mark status-{status.replace('_', '-')}"
    if status == "kept":
        shape = element("circle", cx=10, cy=10, r=8, fill=ink, class_=name)
    elif status in ("on_course", "at_risk", "not_kept"):
        corners = {"on_course": "3,2 18,10 3,18", "at_risk": "10,1 19,10 10,19 1,10", "not_kept": "10,2 19,18 1,18"}[status]
        shape = element("polygon", points=corners, fill=ink, class_=name)
    else:
        dash = "3 3" if status == "not_yet" else None
        shape = element("circle", cx=10, cy=10, r=7.5, fill="none", stroke=ink, stroke_width=2.5, stroke_dasharray=dash, class_=name)
    return drawing("mark", "", "", SIZE, SIZE, shape, decorative=True)
