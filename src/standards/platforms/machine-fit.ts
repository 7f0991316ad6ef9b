import { specifierSetContains } from '../specifier.ts';
import { compareVersions } from '../version.ts';
import type { WheelFilename } from '../wheel-filename.ts';
import type { BinaryFacts } from './binary-facts.ts';
import { tagRanks, wheelRank } from './supported-tags.ts';
import type { TargetMachine } from './target-machine.ts';

/** What counts of the binaries in a wheel where its tag does not say: a `linux_*` tag tells neither libc nor its version. */
export type BinaryNeeds = Pick<BinaryFacts, 'libc' | 'glibcFloor' | 'muslFloor'>;

/** Whether files are for a machine, and which it would rather have: as pip on that machine decides. */
export class MachineFit {
  readonly machine: TargetMachine;
  readonly #ranks: ReturnType<typeof tagRanks>;
  readonly #pythons: readonly string[];
  #newest: MachineFit | undefined;

  constructor(machine: TargetMachine) {
    this.machine = machine;
    this.#ranks = tagRanks(machine);
    this.#pythons = fullVersions(machine);
  }

  /** 0 is best; undefined when the machine cannot use the wheel. @param needs what is in it, where that is known */
  rank(wheel: WheelFilename, needs?: BinaryNeeds): number | undefined {
    if (needs && !this.#runs(needs)) return undefined;
    return wheelRank(this.#ranks, wheel);
  }

  /** The same machine, were its libc the newest. */
  get withNewestLibc(): MachineFit {
    const { libcFloor, ...machine } = this.machine;
    if (libcFloor === undefined) return this;
    this.#newest ??= new MachineFit(machine);
    return this.#newest;
  }

  /** What is no specifier, pip takes for one that any Python satisfies. */
  takesPython(requiresPython: string | undefined): boolean {
    if (requiresPython === undefined) return true;
    try {
      return this.#pythons.some((version) => specifierSetContains(requiresPython, version));
    } catch {
      return true;
    }
  }

  #runs({ libc, glibcFloor, muslFloor }: BinaryNeeds): boolean {
    const { platform, libcFloor } = this.machine;
    const own = platform.slice(0, platform.indexOf('-'));
    if (own !== 'glibc' && own !== 'musl') return true;
    if (libc === 'both' || (libc !== 'neutral' && libc !== own)) return false;
    const floor = own === 'glibc' ? glibcFloor : muslFloor;
    return floor === undefined || libcFloor === undefined || compareVersions(floor, libcFloor) <= 0;
  }
}

/** Higher than any patch. */
const LAST_PATCH = 99;

/** Where the patch is not known, the first and the last: what either takes may be wanted. */
export function fullVersions({ python }: TargetMachine): string[] {
  return python.full !== undefined ? [python.full] : [`3.${python.minor}.0`, `3.${python.minor}.${LAST_PATCH}`];
}
