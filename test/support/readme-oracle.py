"""Descriptions as PyPI shows them: reads lines of JSON, `[text, kind]`, and writes each as a line of JSON, `[HTML, is faultless]`.

PyPI shows nothing of reStructuredText with a fault. Here docutils goes on after one, so that these can be compared too.
"""

import io
import json
import sys

import readme_renderer.markdown
import readme_renderer.rst

STRICT = readme_renderer.rst.SETTINGS
TOLERANT = {**STRICT, "halt_level": 5}



def render(text, kind):
    if kind == "markdown":
        return readme_renderer.markdown.render(text), True
    for settings in (STRICT, TOLERANT):
        readme_renderer.rst.SETTINGS = settings
        html = readme_renderer.rst.render(text, stream=io.StringIO())
        if html is not None:
            break
    return html, settings is STRICT


for line in sys.stdin:
    print(json.dumps(render(*json.loads(line))))
