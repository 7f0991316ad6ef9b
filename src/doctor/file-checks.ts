/** Whether files are what the index promises, and can be read as clients read them. */
import type { Check } from './check.ts';
import { Fault, NothingToSee } from './finding.ts';
import { type LinkedFile, type Patient, sampleFiles } from './patient.ts';
import { type Download, EDGE } from './visitor.ts';

/** What clients that take compressed pages send, with files too. */
const TAKES_ENCODINGS = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };

const downloads = new WeakMap<Patient, Promise<[LinkedFile, Download][]>>();

/** The sampled files, each downloaded once for all checks. */
function download(patient: Patient): Promise<[LinkedFile, Download][]> {
  const downloaded = downloads.get(patient);
  if (downloaded) return downloaded;
  const asked = (async () => {
    const found: [LinkedFile, Download][] = [];
    for (const file of sampleFiles(patient)) {
      found.push([file, await patient.visitor.download(file.address, TAKES_ENCODINGS)]);
    }
    return found;
  })();
  downloads.set(patient, asked);
  return asked;
}

export const FILE_CHECKS: Partial<Record<string, Check>> = {
  async files(patient) {
    for (const [{ address, sha256: promised }, { status, sha256, headers }] of await download(patient)) {
      if (status !== 200) throw new Fault(`${address.href} is answered with ${status}`);
      if (headers['content-encoding'] !== undefined) continue; // The next check reports this.
      if (typeof promised !== 'string') throw new Fault(`${address.href} has no hash in the index`);
      if (sha256 !== promised) throw new Fault(`${address.href} has other bytes than the index promises`);
    }
  },

  async encoding(patient) {
    for (const [{ address }, { headers }] of await download(patient)) {
      const coding = headers['content-encoding'];
      if (coding !== undefined && coding !== 'identity') {
        throw new Fault(`${address.href} is sent with "Content-Encoding: ${coding}"`);
      }
    }
  },

  async ranges(patient) {
    const [file, whole] = (await download(patient)).find(([, { status }]) => status === 200) ?? [];
    if (!file || !whole) throw new NothingToSee('no file could be read');
    const { visitor } = patient;
    const { href } = file.address;
    const head = await visitor.head(file.address);
    if (head.status !== 200) throw new Fault(`HEAD of ${href} is answered with ${head.status}`);
    if (head.headers['accept-ranges'] !== 'bytes') throw new Fault(`${href} has no "Accept-Ranges: bytes"`);
    if (Number(head.headers['content-length']) !== whole.size) throw new Fault(`HEAD of ${href} tells no length`);
    for (const [range, bytes] of [
      [`bytes=0-${EDGE - 1}`, whole.begin],
      [`bytes=-${EDGE}`, whole.end],
    ] as const) {
      const part = await visitor.download(file.address, { Range: range });
      const isRight = part.status === 206 && part.size === EDGE && part.begin.equals(bytes);
      if (!isRight) throw new Fault(`${href}, asked for "${range}", is answered with ${part.status} and other bytes`);
    }
    const stale = await visitor.download(file.address, { Range: 'bytes=0-9', 'If-Range': '"of-another-file"' });
    if (stale.status !== 200) throw new Fault(`${href} gives a part also to who asked for a part of another file`);
  },

  async metadata(patient) {
    const promised = sampleFiles(patient).filter(({ metadataSha256 }) => typeof metadataSha256 === 'string');
    if (promised.length === 0)
      throw new Fault('the index promises no metadata: clients download wheels to read it', { isNote: true });
    for (const { address, metadataSha256 } of promised) {
      const url = new URL(address);
      url.pathname += '.metadata';
      const { status, sha256, headers } = await patient.visitor.download(url);
      if (status !== 200) throw new Fault(`${url.href} is answered with ${status}: pip and uv fail then`);
      if (headers['content-encoding'] === undefined && sha256 !== metadataSha256) {
        throw new Fault(`${url.href} has other bytes than the index promises`);
      }
    }
  },

  async hidden({ visitor, index }) {
    // The index may be of a repository, or of the site itself.
    const folders = ['../', '../../'].map((up) => new URL(up, index.url).href);
    const own = ['.kho/manifest', '.kho/site', '.kho-keep/origins']; // the second is what a bucket has
    const names = ['kho.toml', ...own, 'incoming/', 'originals/', '.git/config', '.env'];
    const urls = [...new Set(folders)].flatMap((folder) => names.map((name) => new URL(name, folder)));
    for (const url of urls) {
      const { answer } = await visitor.follow(url);
      if (answer.status === 200) throw new Fault(`${url.href} can be read by everybody`);
    }
  },

  async private({ visitor, index, known }) {
    if (known.private.length === 0) throw new NothingToSee('no repository is known to be private (--site tells)');
    const repository = decodeURIComponent(index.url.pathname.split('/').at(-3) ?? '');
    const root = new URL(known.all.includes(repository) ? '../../' : '../', index.url);
    for (const name of known.private) {
      for (const page of ['simple/', 'SHA256SUMS', '']) {
        const url = new URL(`${encodeURIComponent(name)}/${page}`, root);
        if ((await visitor.asNobody(url)).status === 200) throw new Fault(`${url.href} can be read without a token`);
      }
    }
  },

  async folders(patient) {
    const [file] = sampleFiles(patient);
    const folder = new URL('./', file?.address);
    const { answer, url } = await patient.visitor.follow(folder);
    if (answer.status === 200) throw new Fault(`${url.href} lists what is in the folder, also what is not published`);
    if (answer.status !== 404) throw new Fault(`${url.href} is answered with ${answer.status} instead of 404`);
  },
};
