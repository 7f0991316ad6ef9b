/** A centre, a farm that follows it, and disks that somebody carries between them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CarrierDisk } from '../../src/carrier/carrier-disk.ts';
import { type PackResult, pack } from '../../src/carrier/pack.ts';
import { publishedState } from '../../src/carrier/published-state.ts';
import { type UnpackResult, type UnpackRun, unpack } from '../../src/carrier/unpack.ts';
import { diskFolder } from '../../src/cli/carrier/disk-folder.ts';
import { loadSite } from '../../src/config/load-config.ts';
import type { RepositoryConfig } from '../../src/config/site-config.ts';
import { HttpClient } from '../../src/fetch/http-client.ts';
import { closuresOf } from '../../src/follow/closures.ts';
import { pull } from '../../src/follow/pull.ts';
import { centreUrl, readPullOrder } from '../../src/follow/pull-order.ts';
import type { PullResult } from '../../src/follow/pull-run.ts';
import { readPlatformName } from '../../src/needs/read-machine.ts';
import { machineOf } from '../../src/needs/served-machines.ts';
import { inPlaceTarget } from '../../src/publish/target.ts';
import type { CatalogueFile } from '../../src/sync-format/catalogue.ts';
import { HEAD_PATH, headSha256, signaturePath, writeHead } from '../../src/sync-format/head.ts';
import { MadeCentre, pipLock } from './made-centre.ts';
import { TestSite } from './site.ts';

const DOER = { now: Date.parse('2026-11-29T08:00:00Z'), who: 'user:hà' };
export const EDGE = 'farm-3';

interface PackOptions {
  pieceBytes?: number;
  /** On each disk, in bytes, where it is not what there is. */
  room?: readonly number[];
  onProgress?: () => void;
}

class SmallDisk extends CarrierDisk {
  readonly #room: number | undefined;

  constructor(disk: string, pieceBytes: number | undefined, room: number | undefined) {
    super(disk, pieceBytes);
    this.#room = room;
  }

  override get freeBytes(): number {
    return this.#room ?? super.freeBytes;
  }
}

export class Farm {
  readonly centre: MadeCentre;
  /** The centre's own folders, as it publishes them. */
  readonly centreSite = new TestSite();
  readonly edge = new TestSite();
  readonly #folder = mkdtempSync(join(tmpdir(), 'kho-farm-'));
  #signature: string | undefined;

  private constructor(centre: MadeCentre) {
    this.centre = centre;
    this.settings();
    this.edge.put('armhf/packages/.keep', '');
    this.centreSite.put('kho.toml', 'pages = false\n[repositories.armhf]\nplatforms = ["armhf"]\n');
    this.centreSite.put('armhf/packages/.keep', '');
  }

  static async start(): Promise<Farm> {
    return new Farm(await MadeCentre.start());
  }

  /** @param follow more of [follow] */
  settings(follow = ''): void {
    const lines = [
      'pages = false',
      '[repositories.armhf]',
      'platforms = ["armhf"]',
      '[follow]',
      `url = "${this.centre.url}"`,
    ];
    this.edge.put('kho.toml', [...lines, 'needs = ["locks/*.txt"]', 'pythons = ["3.11"]', follow, ''].join('\n'));
  }

  /** The farm's lock file names these; the centre has it too. */
  lock(...files: CatalogueFile[]): void {
    this.edge.put('locks/field.txt', pipLock(files));
    this.centreSite.put('field.txt', pipLock(files));
  }

  /** What the centre has now. @param signature of its head */
  publish(signature?: string): void {
    const text = writeHead(this.centre.publish());
    for (const [path, bytes] of this.centre.bytes) this.centreSite.put(`armhf/${path}`, bytes);
    this.centreSite.put(`armhf/${HEAD_PATH}`, text);
    this.#signature = signature;
    if (signature !== undefined)
      this.centreSite.put(`armhf/${signaturePath(headSha256(Buffer.from(text)))}`, signature);
  }

  get signature(): string | undefined {
    return this.#signature;
  }

  /** @returns its folder */
  disk(name = 'usb'): string {
    const path = join(this.#folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async pack(
    paths: readonly string[] = [this.disk()],
    { pieceBytes, room = [], onProgress = () => {} }: PackOptions = {},
  ): Promise<PackResult> {
    const { config } = await loadSite(this.centreSite.root);
    inPlaceTarget(config);
    const repository = config.repositories.find(({ name }) => name === 'armhf') as RepositoryConfig;
    const state = publishedState(repository);
    const machine = machineOf(repository, readPlatformName('armhf'), '3.11');
    const lock = { path: join(config.root, 'field.txt'), shown: 'field.txt' };
    const closures = await closuresOf([lock], [machine], state.read);
    const disks = paths.map((path, index) => new SmallDisk(diskFolder(path), pieceBytes, room[index]));
    try {
      return await pack({ config, edge: EDGE, state, closures, disks, dryRun: false, onProgress });
    } finally {
      for (const disk of disks) disk.close();
    }
  }

  async unpack(
    path = this.disk(),
    { pieceBytes, ...more }: Partial<UnpackRun> & { pieceBytes?: number } = {},
  ): Promise<UnpackResult> {
    const { config } = await loadSite(this.edge.root);
    const disk = new CarrierDisk(diskFolder(path), pieceBytes);
    try {
      return await unpack({
        ...{ config, order: readPullOrder(config, {}), doer: DOER, disk, isLocked: () => false, onProgress: () => {} },
        ...{ dryRun: false, allowOlder: false, newCentre: false },
        ...more,
      });
    } finally {
      disk.close();
    }
  }

  /** Over the line. @param edge another copy of it */
  async pull(edge: TestSite = this.edge): Promise<PullResult> {
    const { config } = await loadSite(edge.root);
    const client = new HttpClient({}, { firstWaitMs: 1 });
    try {
      return await pull({
        ...{
          config,
          order: { url: centreUrl(config, {}), ...readPullOrder(config, {}) },
          doer: DOER,
          client,
          crossed: () => 0,
          idleMs: 1,
        },
        ...{ dryRun: false, allowOlder: false, newCentre: false, isLocked: () => false, onProgress: () => {} },
      });
    } finally {
      await client.close();
    }
  }

  /** Names of packages that the farm publishes. */
  listed(project: string): string[] {
    return this.edge.listed('armhf', project);
  }

  close(): void {
    this.centre.stop();
    this.centreSite.close();
    this.edge.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
