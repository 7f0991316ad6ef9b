/** A farm that has followed its centre once, whose centre and lock file have moved on: for pulls that do not come to their end. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copySite } from './crash-site.ts';
import { Farm } from './farm.ts';
import { sha256 } from './made-centre.ts';
import { seededRandom } from './seeded-random.ts';
import { TestSite } from './site.ts';

export class UpdatedFarm {
  readonly farm: Farm;
  /** The edge as it was before the pull. */
  readonly before = new TestSite();
  /** What each state of the centre comes to. */
  readonly #states: readonly ReadonlySet<string>[];

  private constructor(farm: Farm, states: readonly ReadonlySet<string>[]) {
    [this.farm, this.#states] = [farm, states];
    copySite(farm.edge, this.before);
  }

  static async start(): Promise<UpdatedFarm> {
    const farm = await Farm.start();
    const { centre } = farm;
    const noise = seededRandom(42);
    const same = Uint8Array.from({ length: 300_000 }, () => Math.floor(256 * noise()));
    const app = (version: string) =>
      centre.wheel({
        name: 'app',
        version,
        metadata: ['Requires-Dist: core'],
        members: { 'app/same.bin': same, 'app/new.txt': version },
      });
    const yanked = { ...centre.wheel({ name: 'core', version: '1.0' }) };
    const first = [app('1.0'), yanked, centre.wheel({ name: 'goes', version: '1.0' })];
    farm.settings('keep = 1\nparallel = 1'); // what dies in this process leaves no second download alive
    farm.publish();
    farm.lock(...first);
    await farm.pull();
    const second = [app('2.0'), yanked, centre.wheel({ name: 'comes', version: '1.0' })];
    centre.files.set(yanked.path, { ...yanked, yanked: 'broken' });
    farm.publish();
    farm.lock(...second);
    return new UpdatedFarm(
      farm,
      [first, second].map((files) => new Set(files.map(({ path }) => path))),
    );
  }

  /** Whether that is all of the new state. */
  isUpdated(edge: TestSite): boolean {
    return [...(this.#states[1] as ReadonlySet<string>)].every((file) => listedIn(edge).has(file));
  }

  /** What machines would find wrong now. */
  faults(edge: TestSite): string[] {
    const there = listedIn(edge);
    const isWhole = this.#states.some((files) => [...files].every((file) => there.has(file)));
    return isWhole ? [] : [`${[...there].join(', ')} is neither the old state nor the new one`];
  }

  close(): void {
    this.farm.close();
    this.before.close();
  }
}

/** Files that pages name, and that have the bytes of which the pages tell. */
function listedIn(edge: TestSite): Set<string> {
  const found = new Set<string>();
  for (const project of ['app', 'core', 'goes', 'comes']) {
    const page = join(edge.root, 'armhf/simple', project, 'index.json');
    if (!existsSync(page)) continue;
    const { files } = JSON.parse(readFileSync(page, 'utf8')) as {
      files: { filename: string; hashes: { sha256: string } }[];
    };
    for (const { filename, hashes } of files) {
      const path = join(edge.root, 'armhf/packages', filename);
      if (existsSync(path) && sha256(readFileSync(path)) === hashes.sha256) found.add(filename);
    }
  }
  return found;
}
