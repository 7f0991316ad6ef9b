/** All that kho does with a text from outside, as far as that needs no disk. */
import { readToml, TomlFault } from '../../src/config/read-toml.ts';
import { plainToml, tableOf, type Values } from '../../src/needs/lock-values.ts';
import { readPdmLock } from '../../src/needs/pdm-lock.ts';
import { readPipfileLock } from '../../src/needs/pipfile-lock.ts';
import { readPoetryLock } from '../../src/needs/poetry-lock.ts';
import { readPylock } from '../../src/needs/pylock-file.ts';
import { readRequirementsFile } from '../../src/needs/requirements-file.ts';
import { resolveNeeds } from '../../src/needs/resolve-needs.ts';
import { readUvLock } from '../../src/needs/uv-lock.ts';
import type { NeedsFile } from '../../src/needs/wanted.ts';
import { dependenciesOf } from '../../src/pages/dependencies-of.ts';
import { projectCard } from '../../src/pages/project-card.ts';
import { RepositoryCards } from '../../src/pages/repository-cards.ts';
import { FormatError } from '../../src/problems.ts';
import { renderDescription } from '../../src/readme/render-description.ts';
import { infoText } from '../../src/render/simple/pypi-json-info.ts';
import { allPage } from '../../src/render/web/all-page.ts';
import { allData } from '../../src/render/web/all-projects.ts';
import { newestChanges } from '../../src/render/web/changes-page.ts';
import { feedXml } from '../../src/render/web/feed.ts';
import { filePage, type PackageDetails } from '../../src/render/web/file-page.ts';
import type { SiteContext } from '../../src/render/web/model.ts';
import { projectPage } from '../../src/render/web/project-page.ts';
import { searchData } from '../../src/render/web/search-data.ts';
import { shardsOf } from '../../src/render/web/shards.ts';
import { type CoreMetadata, parseMetadata } from '../../src/standards/metadata.ts';
import { MachineFit } from '../../src/standards/platforms/machine-fit.ts';
import { markerEnvironments } from '../../src/standards/platforms/marker-environment.ts';
import { parseTargetPython } from '../../src/standards/platforms/target-machine.ts';
import { parseWheelFilename } from '../../src/standards/wheel-filename.ts';
import { makeFile, makeProject } from './make-project.ts';

const SITE: SiteContext = {
  ...{
    title: 'Packages',
    language: 'en',
    style: 'a.css',
    script: 'a.js',
    theme: 'b.js',
    icon: 'i.svg',
    remoteImages: true,
  },
  ...{ texts: { en: 'en.js', vi: 'vi.js' }, repositories: ['glibc'] },
};
const FILE = makeFile('x-1-py3-none-any.whl');
const PROJECT = makeProject('x', [{ version: '1', files: [FILE] }]);
const FIT = new MachineFit({ platform: 'glibc-x86_64', python: parseTargetPython('3.11') });

/** What text is no metadata, requirement, lock …, is refused. */
async function orRefused<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FormatError || error instanceof TomlFault) return undefined;
    throw error;
  }
}

/** As METADATA with these fields: read, shown in all pages, and followed by `kho missing`. */
export async function showMetadata(fields: string): Promise<void> {
  const defaults = ['Name: x', 'Version: 1'].filter((line) => !fields.startsWith(line.slice(0, line.indexOf(' '))));
  const text = `${['Metadata-Version: 2.1', ...defaults].join('\n')}\n${fields}`;
  const metadata = await orRefused(() => parseMetadata(Buffer.from(text)));
  if (!metadata) return;
  const card = projectCard(PROJECT, metadata);
  const cards = new RepositoryCards(['glibc']);
  cards.change({}, { glibc: card });
  cards.lists();
  cards.relatedTo([[{}, { glibc: card }]]);
  searchData([card]);
  const all = [{ name: card.name, cards: [{ repository: 'glibc', card }] }];
  allData(all, ['glibc']);
  allPage(SITE, shardsOf(all), 0, all);
  const changes = newestChanges('glibc', [card], 10);
  feedXml(SITE, { repository: 'glibc', path: 'a/b.xml', pagePath: 'a/b.html', title: 'a', changes });
  infoText(metadata, PROJECT.releases[0]!, 'a', true);
  const dependencies = dependenciesOf(metadata.requiresDist, (name) => name.length % 2 === 0);
  projectPage(SITE, {
    ...{
      repository: 'glibc',
      project: PROJECT,
      metadata,
      dependencies,
      dependents: card.requires,
      held: [],
      choices: [],
      holes: [],
      siblings: [],
      twins: [],
    },
  });
  await showDetails({ metadataText: text });
  await follow(metadata);
}

export async function showDetails(details: Partial<PackageDetails>): Promise<void> {
  filePage(SITE, {
    ...{ repository: 'glibc', project: 'x', displayName: 'x', version: '1', file: FILE, path: 'a/b.html' },
    details: { members: [], metadataText: '', ...details },
  });
}

/** What needs `x[e]`, and with it what `metadata` says; nothing else is there. */
async function follow(metadata: CoreMetadata): Promise<void> {
  const candidate = { ...FILE, isYanked: false, wheel: parseWheelFilename(FILE.filename) };
  const { yanked: _yanked, binaries: _binaries, ...file } = candidate;
  await orRefused(() =>
    resolveNeeds([requirements('x[e,e1,e2]')], FIT, {
      candidates: async (name) => (name === 'x' ? [file] : []),
      metadata: async () => metadata,
    }),
  );
}

function requirements(text: string): NeedsFile {
  return readRequirementsFile('r.txt', { read: () => text, resolve: (path) => path, variable: () => undefined });
}

export async function readRequirements(text: string): Promise<void> {
  await orRefused(() =>
    resolveNeeds([requirements(text)], FIT, { candidates: async () => [], metadata: async () => undefined }),
  );
}

const LOCKS: Readonly<Record<string, (lock: Values, from: string, project?: Values) => NeedsFile>> = {
  'pylock.toml': readPylock,
  'uv.lock': readUvLock,
  'poetry.lock': readPoetryLock,
  'pdm.lock': readPdmLock,
};

/** What pyproject.toml beside it would say, is a table `pyproject` in the text. */
export async function readLock(name: string, text: string): Promise<void> {
  const environments = markerEnvironments(FIT.machine);
  await orRefused(() => {
    const read = LOCKS[name];
    if (!read) return readPipfileLock(text, name).needsOf(environments);
    const lock = tableOf(plainToml(readToml(text)));
    return read(lock, name, lock['pyproject'] === undefined ? undefined : tableOf(lock['pyproject'])).needsOf(
      environments,
    );
  });
}

export function renderReadme(type: string, text: string): unknown {
  return renderDescription(text, type, { topHeading: 3, remoteImages: true });
}
