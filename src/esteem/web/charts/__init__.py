"""Server-drawn SVG: every chart has a title, a description that states the finding, and a table beside it on the page.

Colours are presentation attributes (so that a downloaded file stands alone) with a class on each element (so that the site's style
sheet can redraw it for dark mode, forced colours and print). No inline styles: the content security policy forbids them.
"""
