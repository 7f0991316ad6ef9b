import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { EventTeller } from './event-teller.ts';
import { runBuild } from './run-build.ts';
import type { WatchEvent } from './watch-event.ts';

let site: TestSite;
let events: WatchEvent[];
let teller: EventTeller;
beforeEach(() => {
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  events = [];
  teller = new EventTeller((event) => events.push(event));
});
afterEach(() => site.close());

const build = () => runBuild({ root: site.root, busy: new Set() });
const told = () => events.splice(0).map(({ event }) => event);

test('EventTeller tells a problem once, and again when it comes back', async () => {
  site.put('glibc/packages/bar-1.0-py3-none-any.whl', 'no wheel');
  teller.tell(await build(), new Map());
  expect(told()).toEqual(['file', 'problem', 'built']);
  teller.tell(await build(), new Map());
  expect(told()).toEqual([]);
  site.remove('glibc/packages/bar-1.0-py3-none-any.whl');
  teller.tell(await build(), new Map());
  told();
  site.put('glibc/packages/bar-1.0-py3-none-any.whl', 'no wheel');
  teller.tell(await build(), new Map());
  expect(told()).toContain('problem');
});

test('EventTeller tells of a project that was unpacked in packages/ in one line, once', async () => {
  for (const file of ['setup.py', 'src/a.c', 'src/b.c', 'README']) site.put(`glibc/packages/project/${file}`, '');
  teller.tell(await build(), new Map());
  const problems = events.flatMap((event) => (event.event === 'problem' ? event.problem : []));
  expect(problems).toMatchObject([{ code: 'not-a-package', file: 'glibc/packages/project/' }]);
  expect(problems[0]?.what).toContain('4 files');
  told();
  site.put('glibc/packages/project/src/c.c', '');
  teller.tell(await build(), new Map());
  expect(told()).not.toContain('problem');
});

test('EventTeller tells once of folders that others may write to', async () => {
  chmodSync(join(site.root, 'glibc'), 0o777);
  teller.tell(await build(), new Map());
  expect(events.flatMap((event) => (event.event === 'problem' ? event.problem.code : []))).toEqual([
    'writable-by-others',
  ]);
  told();
  teller.tell(await build(), new Map());
  expect(told()).toEqual([]);
});

test('EventTeller keeps silent about a file that may still grow, and says that it does', async () => {
  const { config } = await loadSite(site.root);
  site.put('glibc/packages/bar-1.0-py3-none-any.whl', 'PK\x03\x04', new Date());
  const problem = {
    code: 'incomplete',
    file: 'glibc/packages/bar-1.0-py3-none-any.whl',
    what: 'w',
    hint: 'h',
  } as const;
  expect(teller.tellProblems(config, [problem])).toBe(true);
  expect(told()).toEqual([]);
});

test('EventTeller tells bad settings once, and when they are in order again', () => {
  const bad = { message: 'Cannot use kho.toml', hint: undefined };
  for (const settings of [undefined, bad, bad, undefined, undefined, bad]) teller.tellSettings(settings);
  expect(told()).toEqual(['error', 'settings', 'error']);
});
