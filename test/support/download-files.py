"""Download files of Python's package index, as the machine's pip is set up to reach it.

Reads lines `project filename sha256` from standard input; the one argument is the folder for the files.
A file appears under its name only when it is whole and has that hash. Prints what it could not get, and exits with 1.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import requests
from pip._internal.commands import create_command
from pypi_simple import PyPISimple

TRIES = 3
# Few enough to be polite, enough not to wait for each answer in turn.
CONNECTIONS = 4
TIMEOUT_S = (10, 60)


def download_project(index_url, verify, folder, project, wanted):
    """Get the wanted files (name -> sha256) of one project; return those that did not come."""
    with requests.Session() as session:
        session.verify = verify
        with PyPISimple(index_url.rstrip("/") + "/", session=session) as index:
            page = index.get_project_page(project, timeout=TIMEOUT_S)
            for package in page.packages:
                digest = wanted.get(package.filename)
                if digest is None:
                    continue
                part = folder / f".{package.filename}.part"
                index.download_package(package, part, verify=False, keep_on_error=False, timeout=TIMEOUT_S)
                if sha256(part.read_bytes()).hexdigest() == digest:
                    part.rename(folder / package.filename)
                    del wanted[package.filename]
    return wanted


def try_project(index_url, verify, folder, project, wanted):
    """Return lines that say what is missing after all tries."""
    reason = "not there, or with another hash"
    for _ in range(TRIES):
        try:
            wanted = download_project(index_url, verify, folder, project, wanted)
        except Exception as error:  # whatever the network does, the next try may pass
            reason = f"{type(error).__name__}: {error}"
        if not wanted:
            break
    return [f"{filename}: {reason}" for filename in wanted]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rows = sorted(line.split() for line in sys.stdin if line.strip())
    projects = {
        project: {filename: digest for _, filename, digest in group}
        for project, group in groupby(rows, key=lambda row: row[0])
    }
    # Parsing an empty command line yields what pip.conf and the environment set.
    settings, _ = create_command("download").parse_args([])
    verify = settings.cert or True
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        jobs = [
            pool.submit(try_project, settings.index_url, verify, folder, project, wanted)
            for project, wanted in projects.items()
        ]
        missing = [line for job in jobs for line in job.result()]
    print("\n".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
