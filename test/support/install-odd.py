"""Install wheels with the pip that runs this, each by the name of its project from an index of its own, in a process of its own.

A line in: the address of an index with the one wheel, a tab, what to ask for. A line out: JSON, null for an installed one, or what pip says.
pip is imported once, and then forked: so that a hundred wheels take seconds.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback

try:
    from pip._internal.cli.main import main
except ImportError:
    from pip._internal.main import main  # 19.3
import pip._internal.commands.install  # noqa: F401: not once for each wheel


def install(index, wanted):
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reader)
        output = io.StringIO()
        target = tempfile.mkdtemp()
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                status = main(
                    ["install", "--no-deps", "--no-compile", "--no-cache-dir", "--disable-pip-version-check"]
                    + ["--index-url", index, "--target", target, wanted]
                )
        except BaseException:
            status = 70
            output.write(traceback.format_exc())
        said = None if status == 0 and os.listdir(target) else output.getvalue()[-4000:] or "nothing installed"
        os.write(writer, json.dumps(said).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        said = stream.read()
    os.waitpid(process, 0)
    return said.decode()


for line in sys.stdin:
    print(install(*line.rstrip("\n").split("\t")), flush=True)
