"""Answers, one JSON line for each on stdin, what Python's zipfile and tarfile see in an archive; or makes archives to read."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import random
import sys
import tarfile
import zipfile

from tar_members import kind_of, tidy


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read_zip(path):
    with zipfile.ZipFile(path) as archive:
        members = [[i.filename.rstrip("/"), i.file_size, "folder" if i.is_dir() else "file"] for i in archive.infolist()]
        names = {i.filename for i in archive.infolist() if not i.is_dir()}
        return {"members": members, "contents": {name: sha256(archive.read(name)) for name in names}}


def read_tar(path):
    with tarfile.open(path) as archive:
        members, contents = [], {}
        for member in archive:
            kind = kind_of(member)
            members.append([tidy(member.name), member.size if kind == "file" else 0, kind])
            if kind == "file" and not member.issparse():
                contents[tidy(member.name)] = sha256(archive.extractfile(member).read())
        return {"members": members, "contents": contents}


class Unseekable(io.RawIOBase):
    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def contents(rng):
    yield "foo/__init__.py", b""
    yield "foo/text.py", b"import this\n" * rng.randrange(1, 2000)
    yield "foo/random.bin", rng.randbytes(rng.randrange(1, 200_000))
    yield "foo/runs.bin", b"".join(bytes([rng.randrange(4)]) * rng.randrange(1, 600) for _ in range(500))
    yield "foo/" + "deep/" * rng.randrange(1, 50) + "x" * rng.randrange(1, 120), b"deep"
    yield "foo/t\u1ea5t c\u1ea3/\u00fc.txt", "\u1ea9n".encode()


def make_zip(rng, mode, compression, zip64):
    raw = Unseekable() if mode == "stream" else io.BytesIO()
    with zipfile.ZipFile(raw, "w", compression) as archive:
        archive.mkdir("foo") if hasattr(archive, "mkdir") else archive.writestr("foo/", "")
        for name, data in contents(rng):
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as member:
                member.write(data)
        archive.writestr("foo/last.txt", "first")
        archive.writestr("foo/last.txt", "last")
        archive.comment = b"made by Python" if rng.random() < 0.5 else b""
    data = bytes(raw.data) if mode == "stream" else raw.getvalue()
    return b"#!/bin/sh\nexit\n" + data if mode == "prefix" else data


def make_tar(rng, form):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=form) as archive:
        for name, data in contents(rng):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mtime = 1_000_000_000.5 if form == tarfile.PAX_FORMAT else 1_000_000_000
            try:
                archive.addfile(member, io.BytesIO(data))
            except ValueError:
                continue  # too long for ustar
        for name, kind, link in [
            ("foo/folder", tarfile.DIRTYPE, ""),
            ("foo/link", tarfile.SYMTYPE, "text.py"),
            ("foo/long-link", tarfile.SYMTYPE, "x" * (150 if form != tarfile.USTAR_FORMAT else 90)),
            ("foo/hard", tarfile.LNKTYPE, "foo/text.py"),
        ]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            archive.addfile(member)
    return raw.getvalue()


def make(folder):
    rng = random.Random(20)
    made = {}
    for mode in ("plain", "stream", "prefix"):
        for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            for zip64 in (False, True):
                made[f"{mode}-{compression}-{zip64}.zip"] = make_zip(rng, mode, compression, zip64)
    for name, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
        for repeat in range(3):
            tar = make_tar(rng, form)
            made[f"{name}-{repeat}.tar.gz"] = gzip.compress(tar, rng.randrange(1, 10))
            made[f"{name}-{repeat}.tar.bz2"] = bz2.compress(tar, rng.randrange(1, 10))
            check = [lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_NONE][repeat]
            made[f"{name}-{repeat}.tar.xz"] = lzma.compress(tar, check=check, preset=rng.randrange(0, 10))
    big = make_tar(rng, tarfile.PAX_FORMAT) * 1 + b"\0" * 1024 + rng.randbytes(2_500_000)
    made["big.tar.gz"] = gzip.compress(big)
    made["big.tar.bz2"] = bz2.compress(big)
    made["big.tar.xz"] = lzma.compress(big, preset=9 | lzma.PRESET_EXTREME)
    half = len(big) // 2
    made["two-streams.tar.bz2"] = bz2.compress(big[:half], 1) + bz2.compress(big[half:], 9)
    for name, data in made.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    return sorted(made)


def unpacked(path):
    opener = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}[path.rsplit(".", 1)[1]]
    with opener(path) as file:
        return sha256(file.read())


def answer(kind, path):
    try:
        return {"zip": read_zip, "tar": read_tar, "make": make, "unpacked": unpacked}[kind](path)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(*json.loads(line))))
