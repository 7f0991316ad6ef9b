import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INDEX_PAGE, plainTarget } from '../../test/support/plain-target.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { applyPlan, type PublishPlan } from './apply.ts';
import { Journal } from './journal.ts';
import { stateFolder } from './state-folder.ts';

let site: TestSite;
let steps: string[];
beforeEach(() => {
  site = new TestSite();
  steps = [];
  site.put('.kho/state', '');
  site.put('glibc/.staged/simple/foo/index.html', INDEX_PAGE);
  site.put('glibc/.staged/simple/index.html', INDEX_PAGE);
  site.put('glibc/simple/old/index.html', INDEX_PAGE);
  site.put('glibc/packages/old-1.0-py3-none-any.whl.metadata', '');
});
afterEach(() => site.close());

const OWNED = {
  repositories: ['glibc'],
  folders: ['simple', 'pypi'] as const,
  isRoot: (path: string) => path === 'glibc/simple/index.html',
  lists: (_repository: string, project: string) => project === 'foo',
  published: () => new Map(),
  unsure: new Set<string>(),
};

async function apply(more: Partial<PublishPlan> = {}) {
  const staged = join(site.root, 'glibc/.staged');
  writeHook.before = (kind, path) => steps.push(`${kind} ${path.slice(site.root.length + 1)}`);
  try {
    return await applyPlan({
      target: plainTarget(site.root),
      journal: new Journal(site.root, 'journal'),
      changing: ['foo', 'old'],
      toFlush: [`${staged}/simple/foo/index.html`],
      folders: [join(site.root, 'glibc')],
      moves: [
        { from: `${staged}/simple/foo`, to: 'glibc/simple/foo' },
        { from: `${staged}/simple/index.html`, to: 'glibc/simple/index.html' },
      ],
      removals: ['glibc/simple/old/index.html', 'glibc/packages/old-1.0-py3-none-any.whl.metadata'],
      owned: OWNED,
      remember: () => void steps.push(`remember, journal ${[...(new Journal(site.root, 'journal').read() ?? [])]}`),
      ...more,
    });
  } finally {
    letWrite();
  }
}

test('applyPlan() writes the journal, flushes, moves, removes, remembers, and only then drops the journal', async () => {
  expect(await apply()).toEqual({ removed: 2, notes: [] });
  expect(steps.filter((step) => !step.includes('.kho-'))).toEqual([
    'rename .kho/journal',
    'flush .kho/journal',
    'flush .kho',
    'flush glibc/.staged/simple/foo/index.html',
    'rename glibc/simple/foo',
    'rename glibc/simple/index.html',
    'remove glibc/simple/old/index.html',
    'remove glibc/simple/old',
    'remove glibc/packages/old-1.0-py3-none-any.whl.metadata',
    'remove glibc/simple/old', // swept, as no repository lists it
    'remember, journal foo,old',
    'remove .kho/journal',
    'flush .kho',
  ]);
  expect(existsSync(join(stateFolder(site.root), 'journal'))).toBe(false);
});

test('applyPlan() flushes not that the journal is gone, where it may come back', async () => {
  await apply({ journalMayComeBack: true });
  expect(steps.at(-1)).toBe('remove .kho/journal');
});

test('applyPlan() removes under names of its own kinds only', async () => {
  site.put('glibc/packages/old-1.0-py3-none-any.whl', 'precious');
  await apply({ removals: ['glibc/packages/old-1.0-py3-none-any.whl', 'glibc/../kho.toml', 'kho.toml'] });
  expect(site.read('glibc/packages/old-1.0-py3-none-any.whl')).toBe('precious');
});

test('applyPlan() sweeps what a run that died left among pages, with its folders, and tells of files of others', async () => {
  site.put('glibc/simple/dead/deep/index.html', INDEX_PAGE);
  site.put('glibc/pypi/dead/notes.txt', 'of somebody');
  expect((await apply({ removals: [] })).notes).toMatchObject([
    { code: 'foreign-page', file: 'glibc/pypi/dead/notes.txt' },
  ]);
  expect(existsSync(join(site.root, 'glibc/simple/dead'))).toBe(false);
  expect(existsSync(join(site.root, 'glibc/simple/old'))).toBe(false);
  expect(site.read('glibc/pypi/dead/notes.txt')).toBe('of somebody');
});

test('applyPlan() removes folders that hold folders only', async () => {
  site.put('glibc/simple/dead/deep/index.html', INDEX_PAGE);
  site.remove('glibc/simple/dead/deep/index.html');
  await apply();
  expect(existsSync(join(site.root, 'glibc/simple/dead'))).toBe(false);
});

test('applyPlan() makes the folders that are moved into', async () => {
  site.remove('glibc/simple');
  await apply({ removals: [] });
  expect(site.read('glibc/simple/foo/index.html')).toBe(INDEX_PAGE);
});

test('applyPlan() writes down what must be known before readers see anything, and tells what could not be', async () => {
  const note = { code: 'names-not-kept', file: 'x', what: 'was not kept', hint: 'look' } as const;
  site.put('.kho/log', '');
  const writeAhead = (later: string[]) => {
    steps.push('ahead');
    later.push(join(site.root, '.kho/log'));
    return [note];
  };
  expect(await apply({ writeAhead })).toEqual({ removed: 2, notes: [note] });
  const places = ['ahead', 'flush .kho/log', 'rename glibc/simple/foo'].map((step) => steps.indexOf(step));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

test('applyPlan() lets others wait until it is remembered, where they want to', async () => {
  let ended: Promise<void> | undefined;
  let isRemembered = false;
  let finish = () => {};
  const remember = () =>
    new Promise<void>((resolve) => {
      finish = () => {
        isRemembered = true;
        resolve();
      };
    });
  const endsLater = (end: Promise<void>) => {
    ended = end;
  };
  await apply({ remember, endsLater });
  const journal = join(stateFolder(site.root), 'journal');
  expect([isRemembered, existsSync(journal)]).toEqual([false, true]);
  finish();
  await ended;
  expect([isRemembered, existsSync(journal)]).toEqual([true, false]);
});

test('applyPlan() sweeps nothing where it is not told to', async () => {
  site.put('glibc/simple/dead/index.html', INDEX_PAGE);
  const removed = await applyPlan({
    target: plainTarget(site.root),
    journal: new Journal(site.root, 'journal'),
    ...{ changing: [], toFlush: [], folders: [], moves: [], removals: [], remember: () => {} },
  });
  expect(removed).toEqual({ removed: 0, notes: [] });
  expect(site.read('glibc/simple/dead/index.html')).toBe(INDEX_PAGE);
});
