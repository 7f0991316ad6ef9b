/**
 * What a machine needs, and what there is of it. Pip's choice for each project: the best version that all who ask for it allow;
 * when somebody asks for less later on, it is chosen anew. Nothing is tried backwards: what contradicts itself is told.
 */

import type { Candidate, PipOptions } from '../catalog/candidate.ts';
import { type CandidateLimits, usableCandidates } from '../catalog/choose-candidate.ts';
import { FormatError } from '../problems.ts';
import { evaluateMarker, type MarkerEnvironment } from '../standards/marker.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { markerEnvironments } from '../standards/platforms/marker-environment.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { joinOptions, lockedVersions } from './joined-needs.ts';
import { Judge, type Need } from './judge-need.ts';
import type { PackageSource } from './package-source.ts';
import { relevantExtras } from './relevant-extras.ts';
import type { Resolution, Resolved } from './resolution.ts';
import type { NeedsFile, Wanted } from './wanted.ts';

/** How a project's file is chosen: `limits` hold what all who ask for it allow. */
export type Choose<File> = (
  name: NormalizedName,
  limits: CandidateLimits,
  options: PipOptions,
) => Promise<File | undefined>;

/** @throws {FormatError} `bad-metadata` when what is needed cannot be told */
export async function resolveNeeds<File extends Candidate>(
  files: readonly NeedsFile[],
  fit: MachineFit,
  source: PackageSource<File>,
  choose: Choose<File> = pipsChoice(fit, source),
): Promise<Resolution<File>> {
  const resolver = new Resolver(files, fit, source, choose);
  return resolver.run();
}

/** The best of what the source has. */
export function pipsChoice<File extends Candidate>(fit: MachineFit, source: PackageSource<File>): Choose<File> {
  return async (name, limits, options) =>
    usableCandidates(name, await source.candidates(name), limits, fit, options)[0];
}

/** Choices of one project, before it is left as it is: two may send each other up and down. */
const CHOICES_LIMIT = 30;
/** Choices in all. */
const STEPS_LIMIT = 20_000;

/** A project's name; with a version after it where locks pin several of them: each is wanted, and nobody contradicts the other. */
type Slot = string;

class Resolver<File extends Candidate> {
  readonly #fit: MachineFit;
  readonly #source: PackageSource<File>;
  readonly #choose: Choose<File>;
  readonly #options: PipOptions;
  readonly #environments: readonly MarkerEnvironment[];
  readonly #isLocked: ReadonlySet<Wanted>;
  readonly #outside: string[] = [];
  readonly #unread = new Set<string>();
  readonly #constraints = new Map<NormalizedName, Wanted[]>();
  /** `by` is the slot whose dependency it is. */
  readonly #demands = new Map<Slot, { wanted: Wanted; by?: Slot }[]>();
  readonly #picks = new Map<Slot, { file: File | undefined; extras: string; choices: number }>();
  /** By slot, those that it demands. */
  readonly #demandedBy = new Map<Slot, Set<Slot>>();
  /** A queue: who is added while it is gone through comes last. */
  readonly #waiting = new Set<Slot>();

  constructor(files: readonly NeedsFile[], fit: MachineFit, source: PackageSource<File>, choose: Choose<File>) {
    this.#fit = fit;
    this.#source = source;
    this.#choose = choose;
    this.#options = joinOptions(files.map(({ options }) => options));
    this.#environments = markerEnvironments(fit.machine);
    const locked = new Set<Wanted>();
    const needs = files.map((file) => ({ ...file.needsOf(this.#environments), isLocked: file.isLocked }));
    const versions = lockedVersions(needs.flatMap(({ isLocked, wanted }) => (isLocked ? wanted : [])));
    for (const { wanted, constraints, outside, isLocked } of needs) {
      for (const each of outside) this.#outside.push(each);
      for (const each of constraints) {
        const constraints = this.#constraints.get(each.name) ?? [];
        constraints.push(each);
        this.#constraints.set(each.name, constraints);
      }
      for (const each of wanted) {
        if (isLocked) locked.add(each);
        const isOneOfSeveral = isLocked && (versions.get(each.name)?.size ?? 0) > 1;
        this.#demand(each, undefined, isOneOfSeveral ? `${each.name} ${each.specifiers}` : each.name);
      }
    }
    this.#isLocked = locked;
  }

  async run(): Promise<Resolution<File>> {
    let steps = 0;
    for (const slot of this.#waiting) {
      this.#waiting.delete(slot);
      if (steps++ === STEPS_LIMIT) throw new FormatError('bad-metadata', 'What is needed goes round in circles');
      await this.#step(slot);
    }
    const slots = [...this.#demands].filter(([, demands]) => demands.length > 0).map(([slot]) => slot);
    const projects: Resolved<File>[] = [];
    const judge = new Judge(this.#fit, this.#source, this.#options);
    for (const slot of slots.sort()) projects.push(await judge.judge(this.#need(slot)));
    return { projects, outside: [...new Set(this.#outside)], unread: [...this.#unread].sort() };
  }

  #demand(wanted: Wanted, by?: Slot, slot: Slot = wanted.name): void {
    const demands = this.#demands.get(slot) ?? [];
    demands.push({ wanted, ...(by !== undefined && { by }) });
    this.#demands.set(slot, demands);
    this.#waiting.add(slot);
    if (by === undefined) return;
    const demanded = this.#demandedBy.get(by) ?? new Set();
    this.#demandedBy.set(by, demanded.add(slot));
  }

  async #step(slot: Slot): Promise<void> {
    const name = nameOfSlot(slot);
    const demands = this.#demands.get(slot) ?? [];
    const before = this.#picks.get(slot);
    const file = demands.length > 0 ? await this.#choose(name, this.#limits(slot), this.#options) : undefined;
    const extras = [...new Set(demands.flatMap(({ wanted }) => wanted.extras))].sort();
    const choices = (before?.choices ?? 0) + 1;
    if (before && before.file?.filename === file?.filename && before.extras === extras.join()) return;
    if (choices > CHOICES_LIMIT) return;
    this.#picks.set(slot, { file, extras: extras.join(), choices });
    this.#forgetDemandsOf(slot);
    if (file && !demands.some(({ wanted }) => this.#isLocked.has(wanted))) await this.#follow(slot, file, extras);
  }

  #limits(slot: Slot): CandidateLimits {
    const all = [
      ...(this.#demands.get(slot) ?? []).map(({ wanted }) => wanted),
      ...(this.#constraints.get(nameOfSlot(slot)) ?? []),
    ];
    return {
      specifiers: [...new Set(all.map(({ specifiers }) => specifiers).filter((text) => text !== ''))],
      sha256s: all.flatMap(({ sha256s }) => sha256s ?? []),
    };
  }

  #need(slot: Slot): Need<File> {
    const name = nameOfSlot(slot);
    return {
      ...{ name, limits: this.#limits(slot), file: this.#picks.get(slot)?.file },
      demands: (this.#demands.get(slot) ?? []).map(({ wanted }) => wanted),
      constraints: this.#constraints.get(name) ?? [],
    };
  }

  #forgetDemandsOf(by: Slot): void {
    for (const slot of this.#demandedBy.get(by) ?? []) {
      const demands = this.#demands.get(slot) ?? [];
      this.#demands.set(
        slot,
        demands.filter((demand) => demand.by !== by),
      );
      this.#waiting.add(slot);
    }
    this.#demandedBy.delete(by);
  }

  async #follow(slot: Slot, file: File, extras: readonly string[]): Promise<void> {
    const from = `${nameOfSlot(slot)} ${file.version}`;
    const metadata = await this.#source.metadata(file);
    if (!metadata) {
      this.#unread.add(from);
      return;
    }
    const lengths = new Map<NormalizedName, number>();
    const wantedExtras: ReadonlySet<string> = new Set(extras);
    for (const requirement of readDependencies(metadata, () =>
      this.#outside.push(`a requirement of ${from} that cannot be read`),
    )) {
      if (!this.#isWanted(requirement, wantedExtras)) continue;
      const length = (lengths.get(requirement.name) ?? 0) + requirement.specifiers.length;
      lengths.set(requirement.name, length);
      if (length > TEXT_LIMITS.specifiersLength) {
        this.#outside.push(`a requirement of ${from} that says too much of the version of ${requirement.name}`);
        continue;
      }
      if (requirement.url !== undefined) this.#outside.push(`${requirement.name} @ ${requirement.url} (${from})`);
      else
        this.#demand(
          { name: requirement.name, specifiers: requirement.specifiers, extras: requirement.extras, from },
          slot,
        );
    }
  }

  /** As pip: without an extra, or for one of the extras that are wanted. */
  #isWanted({ marker }: Requirement, extras: ReadonlySet<string>): boolean {
    if (!marker) return true;
    const relevant = ['', ...relevantExtras(marker, extras)];
    return this.#environments.some((environment) =>
      relevant.some((extra) => {
        try {
          return evaluateMarker(marker, { ...environment, extra });
        } catch {
          return true;
        }
      }),
    );
  }
}

function nameOfSlot(slot: Slot): NormalizedName {
  return slot.split(' ', 1)[0] as NormalizedName;
}

function readDependencies({ requiresDist }: CoreMetadata, onFault: () => void): Requirement[] {
  return requiresDist.flatMap((text) => {
    try {
      return [parseRequirement(text)];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onFault();
      return [];
    }
  });
}
