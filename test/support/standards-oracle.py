"""What Python's own libraries say: JSON lines in, one answer a line out. Asked by standards-oracle.ts."""

import base64
import email.parser
import email.policy
import importlib.metadata
import json
import pathlib
import sys
import textwrap
from unittest import mock

from packaging import _manylinux, _musllinux, tags
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.metadata import parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    InvalidName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version


def name(text):
    try:
        return canonicalize_name(text, validate=True)
    except InvalidName:
        return None


def version(text):
    try:
        parsed = Version(text)
    except InvalidVersion:
        return None
    return {"normal": str(parsed), "prerelease": parsed.is_prerelease}


def order(a, b):
    a, b = Version(a), Version(b)
    return (a > b) - (a < b)


def specifier(text, version, prereleases):
    try:
        return SpecifierSet(text).contains(version, prereleases=prereleases)
    except InvalidSpecifier:
        return None


def wheel(filename):
    try:
        name, version, build, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return None
    build = f"{build[0]}{build[1]}" if build else None
    return {"name": name, "version": str(version), "build": build, "tags": sorted(map(str, tags))}


def sdist(filename):
    try:
        name, version = parse_sdist_filename(filename)
    except InvalidSdistFilename:
        return None
    return {"project": name, "version": str(version)}


def message(data):
    """Headers and body by compat32, which keeps bytes that are not ASCII as surrogates."""
    parsed = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(base64.b64decode(data))
    headers = [[key, decode(value).replace("\r\n", "\n").replace("\r", "\n").strip()] for key, value in parsed._headers]
    return {"headers": headers, "body": decode(parsed._payload)}


def decode(text):
    data = text.encode("ascii", "surrogateescape")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(decode_byte(byte) for byte in data)


def decode_byte(byte):
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def metadata(data):
    """The fields by packaging; what it cannot read (repeated fields, bad encodings) is under "unparsed"."""
    raw, unparsed = parse_email(base64.b64decode(data))
    return {"raw": raw, "unparsed": sorted(unparsed)}


def unindent(text):
    """As importlib.metadata does for Description."""
    return textwrap.dedent(" " * 8 + text).strip()


def supported_tags(platform, floor, minor, threaded):
    """All tags of a machine, best first: what the libraries ask the machine is answered here."""
    system, arch = platform.split("-", 1)
    version = tuple(int(part) for part in floor.split(".")[:2])
    abi = f"cp3{minor}{'t' if threaded else ''}{'m' if minor < 8 else ''}"
    shown = {"windows": "win32" if arch == "x86" else f"win-{arch}"}.get(system, f"linux-{arch}")
    with mock.patch("sysconfig.get_platform", lambda: shown), mock.patch.multiple(
        _manylinux,
        _get_glibc_version=lambda: version if system == "glibc" else (-1, -1),
        # That of an ARM interpreter is hard float.
        _have_compatible_abi=lambda _, archs: bool(set(archs) & (_manylinux._ALLOWED_ARCHS | {"armv7l", "i686"})),
    ), mock.patch.object(
        _musllinux, "_get_musl_version", lambda _: _musllinux._MuslVersion(*version) if system == "musl" else None
    ):
        if system == "macos":
            platforms = list(tags.mac_platforms(version, arch))
        elif system == "windows":
            platforms = list(tags._generic_platforms())
        else:
            platforms = list(tags._linux_platforms(is_32bit=False))
    own = list(tags.cpython_tags((3, minor), [abi], platforms))
    return [str(tag) for tag in own + list(tags.compatible_tags((3, minor), f"cp3{minor}", platforms))]


def requirement(text):
    try:
        read = Requirement(text)
    except InvalidRequirement:
        return None
    return {
        "name": read.name,
        "extras": sorted(read.extras),
        "specifiers": sorted(map(str, read.specifier)),
        "url": read.url,
        "marker": read.marker is not None,
    }


def marker(text, environment):
    """Whether it holds; "invalid" when it is none, "undefined" when it compares what cannot be compared."""
    try:
        read = Marker(text)
    except InvalidMarker:
        return "invalid"
    try:
        if "extras" in environment:
            environment = {**environment, "extras": set(environment["extras"]), "dependency_groups": set()}
        return read.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return "undefined"


def installed():
    """METADATA of all that is installed beside this oracle."""
    files = [file for found in importlib.metadata.distributions() for file in found.files or [] if file.name == "METADATA"]
    paths = sorted({str(file.locate()) for file in files})
    return [base64.b64encode(pathlib.Path(path).read_bytes()).decode() for path in paths]


for line in sys.stdin:
    kind, *arguments = json.loads(line)
    print(json.dumps(globals()[kind](*arguments)))
