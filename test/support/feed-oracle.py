"""What is wrong with Atom feeds: asked of Python's XML reader, of feedparser (which readers of feeds are built on), and of a table
of what RFC 4287 demands. Reads paths of feeds, one a line; writes a line `PATH: FAULT` for each fault.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")  # RFC 3339, with capitals: section 3.3
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")
REFERENCE = re.compile(r"([^\s<>\"{}|\\^`%]|%[0-9A-Fa-f]{2})+$")
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:([\w()+,.:=@;$!*'~/-]|%[0-9A-Fa-f]{2})+$", re.ASCII)  # RFC 8141
MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+$", re.ASCII)

# Sections 4.1.1 and 4.1.2: how often each element may stand there.
FEED = {
    **{"id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (0, None), "link": (0, None), "entry": (0, None)},
    **{"category": (0, None), "contributor": (0, None), "generator": (0, 1), "icon": (0, 1), "logo": (0, 1)},
    **{"rights": (0, 1), "subtitle": (0, 1)},
}
ENTRY = {
    **{"id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (0, None), "link": (0, None), "content": (0, 1)},
    **{"category": (0, None), "contributor": (0, None), "published": (0, 1), "rights": (0, 1), "source": (0, 1)},
    **{"summary": (0, 1)},
}


def children_faults(element, allowed):
    counts = {}
    for child in element:
        name = child.tag.removeprefix(ATOM)
        counts[name] = counts.get(name, 0) + 1
        if name not in allowed:
            yield f"<{name}> may not stand in <{element.tag.removeprefix(ATOM)}>"
    for name, (least, most) in allowed.items():
        if counts.get(name, 0) < least or (most is not None and counts.get(name, 0) > most):
            yield f"{counts.get(name, 0)} times <{name}> in <{element.tag.removeprefix(ATOM)}>"


def common_faults(element):
    """Of a feed or an entry: texts (3.1), dates (3.3), ids (4.2.6), links (4.2.7), persons (3.2)."""
    for child in element:
        name = child.tag.removeprefix(ATOM)
        text = child.text or ""
        if name in ("title", "subtitle", "summary", "rights") and child.get("type", "text") == "text" and len(child):
            yield f"<{name}> of plain text has elements in it"
        if name == "title" and not text.strip():
            yield "an empty <title>"
        if name in ("updated", "published") and not TIME.match(text):
            yield f"<{name}> is no time: {text!r}"
        if name == "id" and not (ABSOLUTE.match(text) and (not text.startswith("urn:") or URN.match(text))):
            yield f"<id> is no absolute address: {text!r}"
        if name in ("author", "contributor"):
            yield from children_faults(child, {"name": (1, 1), "uri": (0, 1), "email": (0, 1)})
        if name == "link":
            if not REFERENCE.match(child.get("href", "")):
                yield f"a link without a fit href: {child.get('href')!r}"
            if "type" in child.attrib and not MEDIA_TYPE.match(child.get("type")):
                yield f"a link to an unknown type: {child.get('type')!r}"
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in element.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    if len(set(alternates)) < len(alternates):
        yield "two alternate links of one type and language"


def faults_of(path):
    try:
        feed = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        yield f"it is not well-formed: {error}"
        return
    if feed.tag != f"{ATOM}feed":
        yield f"its root is {feed.tag}"
        return
    entries = feed.findall(f"{ATOM}entry")
    yield from children_faults(feed, FEED)
    yield from common_faults(feed)
    if not [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        yield "no link to itself"
    for entry in entries:
        yield from children_faults(entry, ENTRY)
        yield from common_faults(entry)
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        if entry.find(f"{ATOM}content") is None and not alternates:
            yield "an entry without content has no alternate link"
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            yield "an entry without an author"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries] + [feed.findtext(f"{ATOM}id")]
    yield from (f"<id> stands there twice: {one}" for one in set(ids) if ids.count(one) > 1)
    times = [entry.findtext(f"{ATOM}updated") for entry in entries]
    if times != sorted(times, reverse=True):
        yield "the newest entry is not the first"

    read = feedparser.parse(path)
    if read.bozo:
        yield f"feedparser stumbles: {read.bozo_exception}"
    if read.version != "atom10" or len(read.entries) != len(entries):
        yield f"feedparser reads {read.version!r} with {len(read.entries)} entries"
    for shown, entry in zip(read.entries, entries):
        if not shown.get("updated_parsed") or not shown.get("link"):
            yield f"feedparser finds no time or link in {entry.findtext(f'{ATOM}title')!r}"


for line in sys.stdin:
    path = line.rstrip("\n")
    for fault in faults_of(path):
        print(f"{path}: {fault}")
