/** Wheels with a real extension module, compiled here for each kind of machine as its own compiler would. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeWheel, type WheelOptions, wheelFilename } from './make-package.ts';
import { CACHE_DIR } from './tools.ts';

export interface CompileOptions {
  target: 'glibc' | 'musl' | 'armhf';
  version?: string;
  /** What `pip wheel` calls it on that machine, unless given. */
  tag?: string;
  build?: string;
  /** Calls a function that came with glibc 2.34: Debian 12 has it, Debian 11 does not. */
  threads?: boolean;
  /** Packs relocations (DT_RELR), as newer builders do: musl understands them from 1.2.4 on. */
  packed?: boolean;
}

/** The stable ABI: one binary for every Python of the machines, and a name, `_sensors.abi3.so`, that does not say for which libc. */
const SOURCE = `
#define Py_LIMITED_API 0x03090000
#include <Python.h>
#include <pthread.h>
#include <stdio.h>

static void *measure(void *celsius) { return celsius; }

static PyObject *read_sensor(PyObject *self, PyObject *args) {
  char text[64];
  int celsius;
  if (!PyArg_ParseTuple(args, "i", &celsius)) return NULL;
#ifdef THREADS
  pthread_t thread;
  if (pthread_create(&thread, NULL, measure, NULL) == 0) pthread_join(thread, NULL);
#endif
  snprintf(text, sizeof text, "%d C", celsius);
  return PyUnicode_FromString(text);
}

static PyMethodDef methods[] = {{"read", read_sensor, METH_VARARGS, "Read a sensor."}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sensors", NULL, -1, methods};
PyMODINIT_FUNC PyInit__sensors(void) { return PyModule_Create(&module); }
`;

const inCache = (...path: string[]) => join(CACHE_DIR, ...path);
const HEADERS = inCache('debian', 'python-headers', 'usr', 'include');
const ARM_HEADERS = inCache('debian', 'armhf-debian-12', 'usr', 'include');

const TARGETS = {
  glibc: { compiler: 'gcc', tag: 'linux_x86_64', include: [HEADERS, join(HEADERS, 'python3.11')] },
  musl: { compiler: 'musl-gcc', tag: 'linux_x86_64', include: [inCache('musl-python', 'include', 'python3.11')] },
  armhf: {
    compiler: 'arm-linux-gnueabihf-gcc',
    tag: 'linux_armv7l',
    include: [ARM_HEADERS, join(ARM_HEADERS, 'python3.11')],
  },
} as const;

/** The flags are those that Debian's Python builds with. */
function compileExtension({ target, threads, packed }: CompileOptions): Uint8Array {
  const { compiler, include } = TARGETS[target];
  const folder = mkdtempSync(join(tmpdir(), 'kho-compile-'));
  const compile = (...words: string[]) => execFileSync(compiler, words, { cwd: folder });
  try {
    writeFileSync(join(folder, 'sensors.c'), SOURCE);
    // On Alpine the library to link with has a name of its own, which Debian's musl has not.
    const alpine = 'libc.musl-x86_64.so.1';
    if (target === 'musl')
      compile('-shared', '-nostdlib', '-x', 'c', '/dev/null', `-Wl,-soname,${alpine}`, '-o', alpine);
    compile(
      ...['-shared', '-fPIC', '-O2', '-D_FORTIFY_SOURCE=2', '-s', ...include.map((path) => `-I${path}`)],
      ...(threads ? ['-DTHREADS'] : []),
      ...(packed ? ['-Wl,-z,pack-relative-relocs'] : []),
      ...['sensors.c', '-o', '_sensors.abi3.so'],
      ...(target === 'musl' ? ['-nostdlib', '-Wl,--no-as-needed', alpine] : []),
    );
    return readFileSync(join(folder, '_sensors.abi3.so'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A wheel of `farm-sensors`. @returns its name, and its bytes */
export function compileWheel(options: CompileOptions): { filename: string; bytes: Uint8Array } {
  const { target, version = '1.0', tag = `cp39-abi3-${TARGETS[target].tag}`, build } = options;
  const wheel: WheelOptions = {
    name: 'farm-sensors',
    version,
    tag,
    ...(build !== undefined && { build }),
    members: {
      'farm_sensors/__init__.py': 'from farm_sensors._sensors import read\n',
      'farm_sensors/_sensors.abi3.so': compileExtension(options),
    },
  };
  return { filename: wheelFilename(wheel), bytes: makeWheel(wheel) };
}
