/** Who is measured, and how: one turn of each gives the costs under their labels. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cost, measure, together } from './measure.ts';
import { addFile, cleanSite, cleanWheels, type Site, settle } from './sites.ts';
import { BENCH_FOLDER } from './tools.ts';

/** In the order of the tables. */
export const LABELS = {
  khoCold: 'kho build, first time',
  khoUnchanged: 'kho build, nothing changed',
  khoAdded: 'kho build, one file added',
  khoPages: 'kho build with pages for people, first time',
  khoIndexed: 'the same, until its indexes are published',
  khoPagesUnchanged: 'the same, nothing changed',
  khoPagesAdded: 'the same, one file added',
  names: 'dumb-pypi, names only',
  script: 'the script that makes its JSON list',
  jsonAlone: 'dumb-pypi, JSON list, without the script',
  json: 'dumb-pypi, JSON list, with the script',
  jsonUnchanged: 'the same, nothing changed since the previous list',
  simple503: 'simple503, wheels only',
} as const;
export type Label = keyof typeof LABELS;

export type Turn = (site: Site) => [Label, Cost][];

/** The short runs are repeated within a turn: they vary most, and cost least. */
const shortRuns = (site: Site) => (site.files < 50_000 ? 3 : 1);

/** The indexes alone, as its peers make nothing else; then the pages for people too, where there is time for them. */
export function khoTurn(node: string, program: string): Turn {
  return (site) => {
    const build = () => measure([node, program, 'build', site.folder, '--quiet']);
    const rounds = (unchanged: Label, added: Label): [Label, Cost][] => {
      const costs: [Label, Cost][] = [];
      for (let run = 0; run < shortRuns(site); run += 1) {
        settle();
        costs.push([unchanged, build()]);
        const removeAgain = addFile(site);
        settle();
        costs.push([added, build()]);
        removeAgain();
        build();
      }
      return costs;
    };
    cleanSite(site);
    writeFileSync(join(site.folder, 'kho.toml'), 'pages = false\n');
    const costs: [Label, Cost][] = [['khoCold', build()]];
    checkPublished(site);
    costs.push(...rounds('khoUnchanged', 'khoAdded'));
    if (site.files >= 50_000) return costs;

    cleanSite(site);
    const began = Date.now();
    const withPages = build();
    const indexedMs = statSync(join(site.folder, '.kho', 'manifest')).mtimeMs - began; // written last of all for the indexes
    costs.push(['khoPages', withPages], ['khoIndexed', { ...withPages, wallMs: indexedMs, cpuMs: Number.NaN }]);
    return [...costs, ...rounds('khoPagesUnchanged', 'khoPagesAdded')];
  };
}

/** A build that left half of the files out would be quick, and worth nothing. */
function checkPublished(site: Site): void {
  const simple = join(site.folder, 'simple');
  let listed = 0;
  for (const entry of readdirSync(simple, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const page = JSON.parse(readFileSync(join(simple, entry.name, 'index.json'), 'utf8')) as { files: unknown[] };
    listed += page.files.length;
  }
  const names = readdirSync(join(site.folder, 'packages'));
  const metadata = names.filter((name) => name.endsWith('.whl.metadata')).length;
  const wheels = names.filter((name) => name.endsWith('.whl')).length;
  if (listed !== site.files) throw new Error(`kho lists ${listed} of ${site.files} files`);
  if (metadata !== wheels) throw new Error(`kho wrote metadata for ${metadata} of ${wheels} wheels`);
}

export function dumbPypiNamesTurn(program: string): Turn {
  return (site) => {
    const list = join(site.scratch, 'names.txt');
    writeFileSync(list, `${readdirSync(join(site.folder, 'packages')).filter(isPackage).join('\n')}\n`);
    cleanSite(site);
    return [['names', measure([...dumbPypi(program, site), '--package-list', list])]];
  };
}

export function dumbPypiJsonTurn(python: string, program: string): Turn {
  return (site) => {
    const list = join(site.scratch, 'list.json');
    cleanSite(site);
    const script = measure([python, join(BENCH_FOLDER, 'list_packages.py'), join(site.folder, 'packages'), list]);
    const run = [...dumbPypi(program, site), '--package-list-json', list];
    const alone = measure(run);
    const again = measure([...run, '--previous-package-list-json', list]);
    return [
      ['script', script],
      ['jsonAlone', alone],
      ['json', together(script, alone)],
      // Its users have to run the script in either case: it keeps no state.
      ['jsonUnchanged', together(script, again)],
    ];
  };
}

/** In place, which is its quickest way; it opens wheels but no sdists, so it has 10 % less to do than the others. */
export function simple503Turn(program: string): Turn {
  return (site) => {
    cleanWheels(site);
    return [['simple503', measure([program, '--base-url', '/', site.wheels])]];
  };
}

function dumbPypi(program: string, site: Site): string[] {
  return [program, '--packages-url', '../../packages', '--output-dir', site.folder];
}

function isPackage(name: string): boolean {
  return name.endsWith('.whl') || name.endsWith('.tar.gz');
}
