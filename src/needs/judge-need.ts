/** What is to be told of a project that is needed: what there is of it, or why there is nothing. */

import type { Candidate, PipOptions } from '../catalog/candidate.ts';
import { allows, type CandidateLimits, usableCandidates } from '../catalog/choose-candidate.ts';
import { type HeldFile, heldRank } from '../catalog/held-files.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { compareVersions } from '../standards/version.ts';
import { inAll, pinnedVersion } from './joined-needs.ts';
import type { PackageSource } from './package-source.ts';
import type { Resolved } from './resolution.ts';
import type { Wanted } from './wanted.ts';

export interface Need<File extends Candidate> {
  name: NormalizedName;
  /** All that is asked of it. */
  limits: CandidateLimits;
  demands: readonly Wanted[];
  constraints: readonly Wanted[];
  /** What was chosen. */
  file: File | undefined;
}

export class Judge<File extends Candidate> {
  readonly #fit: MachineFit;
  readonly #source: PackageSource<File>;
  readonly #options: PipOptions;

  constructor(fit: MachineFit, source: PackageSource<File>, options: PipOptions) {
    this.#fit = fit;
    this.#source = source;
    this.#options = options;
  }

  async judge({ name, limits, demands, constraints, file }: Need<File>): Promise<Resolved<File>> {
    const specifiers = limits.specifiers.join(',');
    const from = [...new Set(demands.map((wanted) => wanted.from))];
    const allowed = inAll(limits.sha256s);
    const base = { name, specifiers, from, ...(allowed && { sha256s: allowed }) };
    const others = (more: CandidateLimits, options = this.#options) => this.#candidates(name, more, options);
    if (file?.wheel)
      return { ...base, verdict: 'there', version: file.version, file, ...(file.isYanked && { why: 'it is yanked' }) };
    const newest = (
      await others(
        { ...limits, sha256s: [] },
        { ...this.#options, onlyBinary: new Set([':all:']), noBinary: new Set() },
      )
    )[0];
    if (file) {
      const held = this.#heldWords(name, { ...limits, specifiers: [...limits.specifiers, `==${file.version}`] }, true);
      if (held) return { ...base, ...held, verdict: 'sdist', version: file.version, file };
      const why =
        newest && newest.version !== file.version ? `the newest with a wheel is ${newest.version}` : undefined;
      return { ...base, verdict: 'sdist', version: file.version, file, ...(why !== undefined && { why }) };
    }
    const pinned = pinnedVersion(limits.specifiers);
    const version = pinned === undefined ? {} : { version: pinned };
    const held = this.#heldWords(name, limits, false);
    if (held) return { ...base, ...version, ...held, verdict: 'absent' };
    const otherHash = (await others({ ...limits, sha256s: [] }))[0];
    if (otherHash)
      return { ...base, ...version, verdict: 'hash', why: `${otherHash.filename} has a hash that is not allowed` };
    const each = await Promise.all(limits.specifiers.map((text) => others({ specifiers: [text], sha256s: [] })));
    if (each.length > 1 && each.every((found) => found.length > 0)) {
      const who = [...demands, ...constraints].map((wanted) => `${wanted.from} wants ${wanted.specifiers || 'any'}`);
      return { ...base, ...version, verdict: 'conflict', why: [...new Set(who)].join('; ') };
    }
    const why = await this.#whyAbsent(name, limits);
    return { ...base, ...version, verdict: 'absent', why };
  }

  /** Of what machines would take, were it listed, the newest. */
  #heldWords(
    name: NormalizedName,
    limits: CandidateLimits,
    onlyWheels: boolean,
  ): { why: string; held: HeldFile } | undefined {
    const all = (this.#source.held?.(name) ?? [])
      .filter(({ version, wheel }) => allows(limits, version) && (wheel !== undefined || !onlyWheels))
      .sort((a, b) => compareVersions(b.version, a.version));
    const held = all.find((file) => heldRank(file, this.#fit) !== undefined);
    if (!held) return undefined;
    const { what, hint } = held.file;
    return { why: `${held.filename} ${what}; ${hint}`, held: held.file };
  }

  async #candidates(name: NormalizedName, limits: CandidateLimits, options: PipOptions): Promise<File[]> {
    return usableCandidates(name, await this.#source.candidates(name), limits, this.#fit, options);
  }

  async #whyAbsent(name: NormalizedName, limits: CandidateLimits): Promise<string> {
    const all = await this.#source.candidates(name);
    const [held] = this.#source.held?.(name) ?? [];
    if (all.length === 0 && held) return `what there is of it is held, and not for these machines: ${held.filename}`;
    if (all.length === 0) return 'there is nothing of this project';
    const right = all.filter(({ version }) => allows(limits, version));
    if (right.length === 0) {
      const newest = all.map(({ version }) => version).sort((a, b) => compareVersions(b, a))[0];
      return `of this version there is nothing; the newest is ${newest}`;
    }
    if (right.every(({ isYanked }) => isYanked)) return 'all files of it are yanked';
    if (right.every(({ requiresPython }) => !this.#fit.takesPython(requiresPython))) {
      return `it is not for this Python: Requires-Python is ${right[0]?.requiresPython}`;
    }
    return `its wheels are for other machines: ${right[0]?.filename}${right.length > 1 ? ' …' : ''}`;
  }
}
