"""Descriptions as PyPI shows them: reads lines of JSON, `[text, kind]`, and writes each as a line of JSON, HTML or null."""

import io
import json
import sys

import readme_renderer.markdown
import readme_renderer.rst

for line in sys.stdin:
    text, kind = json.loads(line)
    if kind == "markdown":
        html = readme_renderer.markdown.render(text)
    else:
        html = readme_renderer.rst.render(text, stream=io.StringIO())
    print(json.dumps(html))
