import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';

/** What the kernel says of its machine, as somebody wishes: markers of Python are evaluated by it. */
const SOURCE = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
int uname(struct utsname *said) {
  int (*real)(struct utsname *) = dlsym(RTLD_NEXT, "uname");
  int result = real(said);
  const char *machine = getenv("SAID_MACHINE");
  if (result == 0 && machine) strncpy(said->machine, machine, sizeof said->machine - 1);
  return result;
}
`;

/**
 * A library that makes programs believe that they run on another machine.
 *
 * @returns what to put into the environment of a program, for a name like `armv7l`
 */
export async function machineNames(): Promise<(machine: string) => Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-machine-'));
  const [source, library] = [join(folder, 'uname.c'), join(folder, 'uname.so')];
  writeFileSync(source, SOURCE);
  await runOrThrow('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
  return (machine) => ({ LD_PRELOAD: library, SAID_MACHINE: machine });
}
