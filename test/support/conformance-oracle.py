"""What Python's own libraries read in packages and in pages: one JSON line for each question on standard input.

["package", PATH]                          hashlib, zipfile, tarfile and packaging on a wheel or sdist
["page", PROJECT, FOLDER, BASE_URL]        pypi-simple, and strict html5lib, on index.html and index.json
["list", FOLDER]                           the same for the list of projects
"""

import json
import re
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import html5lib
from packaging.metadata import parse_email
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version
from pypi_simple import IndexPage, ProjectPage
from tar_members import kind_of, tidy


def normal_version(text):
    try:
        return str(Version(text))
    except InvalidVersion:
        return text


def read_wheel(path):
    name, version, _, _ = parse_wheel_filename(path.name)
    with zipfile.ZipFile(path) as archive:
        members = [[i.filename.rstrip("/"), i.file_size, "folder" if i.is_dir() else "file"] for i in archive.infolist()]
        # Names of folders differ in case and dots, so packaging is asked whether it is the right one.
        for info in archive.infolist():
            folder, _, file = info.filename.partition("/")
            if file != "METADATA" or not folder.endswith(".dist-info"):
                continue
            found_name, _, found_version = folder[: -len(".dist-info")].rpartition("-")
            if canonicalize_name(found_name) == name and normal_version(found_version) == str(version):
                return archive.read(info), members
    raise LookupError("no METADATA")


def is_pkg_info(name):
    return name.count("/") == 1 and name.endswith("/PKG-INFO")


def read_sdist(path):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            members = [[i.filename.rstrip("/"), i.file_size, "folder" if i.is_dir() else "file"] for i in infos]
            return next((archive.read(i) for i in infos if is_pkg_info(i.filename)), None), members
    with tarfile.open(path) as archive:
        found = archive.getmembers()
        members = [[tidy(m.name), m.size if kind_of(m) == "file" else 0, kind_of(m)] for m in found]
        return next((archive.extractfile(m).read() for m in found if is_pkg_info(tidy(m.name))), None), members


def read_package(text):
    path = Path(text)
    metadata, members = read_wheel(path) if path.suffix == ".whl" else read_sdist(path)
    if metadata is None:  # a very old sdist has none; its name is all there is
        name, _, version = re.sub(r"\.(tar\.\w+|zip)$", "", path.name).rpartition("-")
        metadata = f"Metadata-Version: 1.0\nName: {name}\nVersion: {version}\n".encode()
    raw, _ = parse_email(metadata)
    content = path.read_bytes()
    return {
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "project": canonicalize_name(raw["name"]),
        "version": normal_version(raw["version"]),
        "metadataSha256": sha256(metadata).hexdigest(),
        "metadata": raw,
        "members": members,
    }


def describe(package):
    return {
        "filename": package.filename,
        "url": package.url,
        "sha256": package.digests.get("sha256"),
        "requiresPython": package.requires_python,
        "isYanked": package.is_yanked,
        "metadataSha256": (package.metadata_digests or {}).get("sha256"),
    }


def parse_strictly(path):
    content = path.read_bytes()
    html5lib.HTMLParser(strict=True).parse(content)
    return content


def read_page(project, folder, base_url):
    html = ProjectPage.from_html(project, parse_strictly(Path(folder, "index.html")), base_url, "utf-8")
    page = ProjectPage.from_json_data(json.loads(Path(folder, "index.json").read_bytes()), base_url)
    return {
        "project": page.project,
        "versions": page.versions,
        "apiVersions": [html.repository_version, page.repository_version],
        "html": [describe(package) for package in html.packages],
        "json": [describe(package) for package in page.packages],
        "sizes": {package.filename: package.size for package in page.packages},
        "uploadedMs": {package.filename: round(package.upload_time.timestamp() * 1000) for package in page.packages},
    }


def read_list(folder):
    html = IndexPage.from_html(parse_strictly(Path(folder, "index.html")), "utf-8")
    page = IndexPage.from_json_data(json.loads(Path(folder, "index.json").read_bytes()))
    return {"html": html.projects, "json": page.projects}


ANSWERS = {"package": read_package, "page": read_page, "list": read_list}

for line in sys.stdin:
    kind, *question = json.loads(line)
    try:
        answer = ANSWERS[kind](*question)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
