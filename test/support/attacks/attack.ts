import type { WheelOptions } from '../make-package.ts';

export interface Attack {
  /** What is tried, and where. */
  what: string;
  wheel: Omit<WheelOptions, 'name' | 'version'> & { name?: string };
  /** The content of `FILE.yanked` beside it. */
  yanked?: string;
  /** The content of `FILE.provenance` beside it. */
  provenance?: string;
}
