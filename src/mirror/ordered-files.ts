/** Which files of another index are ordered, for the machines of a repository. One rule for all that asks: the plan, and what it looks at again. */

import { NO_OPTIONS, type PipOptions } from '../catalog/candidate.ts';
import { usableCandidates } from '../catalog/choose-candidate.ts';
import type { MirrorOrders } from '../config/site-config.ts';
import type { AnyCandidate } from '../fetch/ours-or-theirs.ts';
import type { UpstreamCandidate } from '../fetch/read-index-page.ts';
import type { InstallTarget } from '../needs/choose-target.ts';
import { isMissing } from '../needs/missing-report.ts';
import type { PackageSource } from '../needs/package-source.ts';
import { readNeedsList } from '../needs/read-needs.ts';
import type { Resolution } from '../needs/resolution.ts';
import { type Choose, resolveNeeds } from '../needs/resolve-needs.ts';
import type { NeedsFile } from '../needs/wanted.ts';
import type { NormalizedName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import type { OrderedFile } from './mirror-plan.ts';

export type OrderedCandidate = OrderedFile & { project: NormalizedName; file: UpstreamCandidate };

export interface Ordered {
  /** Sorted by name. */
  files: OrderedCandidate[];
  /** What cannot be had: one line each, no full stop. Sorted. */
  lacking: string[];
}

/** @throws {KhoError} UPSTREAM, where it cannot be told; {FormatError} for orders that go round in circles */
export async function orderedFiles(
  orders: MirrorOrders,
  needs: readonly { path: string; file: NeedsFile }[],
  targets: readonly InstallTarget[],
  source: PackageSource<AnyCandidate>,
): Promise<Ordered> {
  const list = new OrderList(orders, source);
  for (const { machine } of targets) {
    const fit = new MachineFit(machine);
    const about = `${machine.platform}, Python ${machine.python.written}`;
    for (const { path, file } of needs) await list.addNeeds([file], fit, `${path} names it`, about);
    if (orders.projects.length > 0 && orders.dependencies)
      await list.addNeeds([readNeedsList(orders.projects)], fit, 'the newest', about);
    for (const text of orders.projects) await list.addReleases(parseRequirement(text), fit, about);
  }
  return list.result();
}

class OrderList {
  readonly #orders: MirrorOrders;
  readonly #source: PackageSource<AnyCandidate>;
  readonly #files = new Map<string, OrderedCandidate>();
  readonly #lacking = new Set<string>();

  constructor(orders: MirrorOrders, source: PackageSource<AnyCandidate>) {
    this.#orders = orders;
    this.#source = source;
  }

  /** @param about the machine, in words */
  async addNeeds(needs: readonly NeedsFile[], fit: MachineFit, why: string, about: string): Promise<void> {
    const resolution = await this.#resolve(needs, fit);
    this.#take(resolution, why, needs);
    for (const project of resolution.projects.filter(isMissing)) {
      const hasSdist = project.verdict === 'sdist' && this.#orders.sdists;
      if (!hasSdist)
        this.#lacking.add(`${project.name}${project.specifiers} (${about}): ${project.why ?? project.verdict}`);
    }
    for (const each of resolution.unread) this.#lacking.add(`what ${each} depends on: its metadata could not be read`);
  }

  /** The newest of one project, each with what it depends on by itself. */
  async addReleases({ name, specifiers, extras }: Requirement, fit: MachineFit, about: string): Promise<void> {
    const { releases, dependencies, sdists } = this.#orders;
    const limits = { specifiers: specifiers === '' ? [] : [specifiers], sha256s: [] };
    const all = usableCandidates(name, await this.#source.candidates(name), limits, fit, this.#options(NO_OPTIONS));
    const usable = all.filter(({ wheel }) => wheel !== undefined || sdists);
    const versions = [...new Set(usable.map(({ version }) => version))].slice(0, releases);
    if (versions.length === 0) this.#lacking.add(`${name}${specifiers} (${about}): nothing there that it takes`);
    const why = releases === 1 ? 'the newest' : `one of the newest ${releases}`;
    for (const version of versions) {
      const file = usable.find((each) => each.version === version);
      if (file) this.#add(name, file, why);
      if (!dependencies) continue;
      const wanted = readNeedsList([`${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}==${version}`]);
      this.#take(await this.#resolve([wanted], fit), why, [wanted]);
    }
  }

  result(): Ordered {
    const files = [...this.#files.values()].sort((a, b) => (a.filename < b.filename ? -1 : 1));
    return { files, lacking: [...this.#lacking].sort() };
  }

  #options(options: PipOptions): PipOptions {
    return { ...options, preferBinary: true, pre: options.pre || this.#orders.prereleases };
  }

  #resolve(needs: readonly NeedsFile[], fit: MachineFit): Promise<Resolution<AnyCandidate>> {
    const choose: Choose<AnyCandidate> = async (name, limits, options) =>
      usableCandidates(name, await this.#source.candidates(name), limits, fit, this.#options(options))[0];
    return resolveNeeds(needs, fit, this.#source, choose);
  }

  /** @param why of what is ordered itself; all else is there for somebody */
  #take({ projects }: Resolution<AnyCandidate>, why: string, needs: readonly NeedsFile[]): void {
    const named = new Set(needs.flatMap((each) => each.named().wanted.map(({ name }) => name)));
    for (const { name, file, from, sha256s } of projects) {
      if (file === undefined || (!file.wheel && !this.#orders.sdists)) continue;
      const needsHash = file.origin === 'upstream' && sha256s !== undefined && file.sha256 === undefined;
      const one = needsHash ? { ...file, allowedSha256s: sha256s } : file;
      this.#add(name, one, named.has(name) ? why : `${from[0] ?? 'something'} needs it`);
    }
  }

  #add(project: NormalizedName, file: AnyCandidate, why: string): void {
    if (file.origin !== 'upstream' || this.#files.has(file.filename)) return;
    const { filename, size } = file;
    this.#files.set(filename, { ...{ filename, project, why, file }, ...(size !== undefined && { size }) });
  }
}
