/** A file that could be installed, from wherever it would come, and what pip is told when it chooses. */
import type { BinaryNeeds } from '../standards/platforms/machine-fit.ts';
import { parseWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';
import type { IndexedFile } from './model.ts';

export interface Candidate {
  filename: string;
  version: string;
  /** Absent for an sdist. */
  wheel?: WheelFilename;
  /** What is in the wheel, where that is known. */
  binaries?: BinaryNeeds;
  requiresPython?: string;
  isYanked: boolean;
  /** Hexadecimal; absent where the index does not tell. */
  sha256?: string;
  /** In bytes; absent where the index does not tell. */
  size?: number;
}

/** Lines of a requirements file that change what pip takes. */
export interface PipOptions {
  /** Chooses as uv does where that differs; as pip when absent. */
  client?: 'uv';
  /** Pre-releases count like others. */
  pre: boolean;
  preferBinary: boolean;
  /** Projects of which pip takes only wheels, or no wheel; `:all:` is in it for all. */
  onlyBinary: ReadonlySet<string>;
  noBinary: ReadonlySet<string>;
}

export const NO_OPTIONS: PipOptions = { pre: false, preferBinary: false, onlyBinary: new Set(), noBinary: new Set() };

/** A file that the site lists. */
export function listedCandidate(file: IndexedFile): Candidate {
  return {
    ...{ filename: file.filename, version: file.version, sha256: file.sha256, size: file.size },
    isYanked: file.yanked !== undefined,
    ...(file.kind === 'wheel' && { wheel: parseWheelFilename(file.filename) }),
    ...(file.binaries && { binaries: file.binaries }),
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
  };
}
