/**
 * A machine that packages are for: its platform as `<libc>-<arch>`, how old it may be, and its Python (CPython).
 */
import { FormatError } from '../../problems.ts';
import { quoted } from '../quoted.ts';

export interface TargetMachine {
  /** `musl-x86_64`, `glibc-armv7l`, `macos-arm64`, `windows-amd64`. */
  platform: string;
  python: TargetPython;
  /** The oldest glibc or musl of these machines, `2.31`; absent when nothing is known: then the newest counts. */
  libcFloor?: string;
}

/** CPython 3. */
export interface TargetPython {
  minor: number;
  /** As people write it: `3.11`, `3.11.2`, `3.13t`. */
  written: string;
  /** `3.11.2`, where the patch is known. */
  full?: string;
  /** Built without the global interpreter lock: `3.13t`. */
  freeThreaded?: true;
}

/** Of Python 3; no release will have a higher one before kho is another. */
const HIGHEST_MINOR = 99;

/** @throws {FormatError} `bad-version` when it is none that kho knows tags for */
export function parseTargetPython(written: string): TargetPython {
  const [, minor, patch, threaded] =
    /^3\.([0-9]{1,2})(\.[0-9]{1,3}(?:(?:a|b|rc)[0-9]{1,2})?)?(t)?$/.exec(written) ?? [];
  if (minor === undefined || Number(minor) > HIGHEST_MINOR) {
    throw new FormatError('bad-version', `${quoted(written)} is no version of Python 3, like 3.11, 3.11.2 or 3.13t`);
  }
  return {
    minor: Number(minor),
    written,
    ...(patch !== undefined && { full: `3.${Number(minor)}${patch}` }),
    ...(threaded && { freeThreaded: true }),
  };
}

/** `3.11` or `3.13t`: without the patch, which no tag knows. */
export function pythonSeries({ minor, freeThreaded }: TargetPython): string {
  return `3.${minor}${freeThreaded ? 't' : ''}`;
}
