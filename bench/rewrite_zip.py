"""Writes a zip again in a form that few tools write: python3 rewrite_zip.py FORM FROM TO"""

import io
import sys
import zipfile
from copy import copy

PREFIX = b"#!/bin/sh\n" * 100


class Pipe(io.RawIOBase):
    """What cannot go back: zipfile then puts sizes behind the data."""

    def __init__(self, to):
        self.to = to

    def writable(self):
        return True

    def write(self, data):
        return self.to.write(data)


def main(form, source, target):
    with zipfile.ZipFile(source) as old, open(target, "wb") as to:
        if form == "prefixed":
            to.write(PREFIX)
            with open(source, "rb") as whole:
                to.write(whole.read())
            return
        with zipfile.ZipFile(Pipe(to) if form == "descriptors" else to, "w") as new:
            for info in old.infolist():
                content = old.read(info.filename)
                with new.open(copy(info), "w", force_zip64=form == "zip64") as member:
                    member.write(content)


main(*sys.argv[1:])
