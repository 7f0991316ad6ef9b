"""Runs a command and prints what it cost, as one line of JSON. Its output goes to the null device.

Node cannot ask the system what a child has used; Python can. Times in milliseconds and memory in bytes; CPU time is
that of the command and of all processes it waited for, memory the peak of the largest one of them.

usage: measure.py COMMAND ARGUMENT...        or, to start it N times in turns with another: measure.py N A... -- B...
"""
import json
import os
import sys
import time

NULL = os.open(os.devnull, os.O_RDWR)
QUIET = [(os.POSIX_SPAWN_DUP2, NULL, 0), (os.POSIX_SPAWN_DUP2, NULL, 1)]


def measure(command):
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=QUIET)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    return {
        'wallMs': wall * 1000,
        'cpuMs': (used.ru_utime + used.ru_stime) * 1000,
        'peakBytes': used.ru_maxrss * (1 if sys.platform == 'darwin' else 1024),
        'exitCode': os.waitstatus_to_exitcode(status),
    }


arguments = sys.argv[1:]
if arguments[0].isdigit():
    middle = arguments.index('--')
    commands = [arguments[1:middle], arguments[middle + 1:]]
    print(json.dumps([[measure(command) for command in commands] for _ in range(int(arguments[0]))]))
else:
    print(json.dumps(measure(arguments)))
