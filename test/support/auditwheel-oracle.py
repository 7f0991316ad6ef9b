"""Answers, one line of JSON for each path of a wheel on stdin, what auditwheel finds in it: or why it finds nothing."""

import json
import logging
import sys
import warnings
from multiprocessing import Pool
from pathlib import Path

from auditwheel.wheel_abi import analyze_wheel_abi


def ask(line):
    path = Path(line.strip())
    try:
        found = analyze_wheel_abi(None, None, path, frozenset(), disable_isa_ext_check=True, allow_graft=False)
    except Exception as error:  # it has many, and some files make it fail in ways of their own
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    return {
        "libc": found.policies.libc.name.lower(),
        "architecture": found.policies.architecture.value,
        "symbols": found.sym_policy.name,
        "overall": found.overall_policy.name,
        "outside": sorted(found.external_refs[found.policies.highest.name].libs),
    }


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with Pool(2) as pool:
        for answer in pool.imap(ask, sys.stdin.readlines(), chunksize=4):
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
