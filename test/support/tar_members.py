"""Members of tar archives, as kho lists them."""


def tidy(name):
    while name.startswith("./") and len(name) > 2:
        name = name[2:].lstrip("/")
    return (name.rstrip("/") or name[:1]) or "."


def kind_of(member):
    if member.isdir():
        return "folder"
    return "link" if member.issym() or member.islnk() else "file"
