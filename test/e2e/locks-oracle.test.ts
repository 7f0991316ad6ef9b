/**
 * Lock files beside the dry run of the tools that wrote them: nothing that a tool installs may be missing from what kho wants, and
 * what kho wants beyond it has a reason.
 */
import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readNeedsFile } from '../../src/needs/read-needs.ts';
import { markerEnvironments } from '../../src/standards/platforms/marker-environment.ts';
import { parseTargetPython } from '../../src/standards/platforms/target-machine.ts';
import {
  addLockedWheels,
  LOCK_TOOLS,
  type LockProject,
  type LockTool,
  OWN_PROJECTS,
  SHARED_PROJECTS,
} from '../support/lock-projects.ts';
import { lockProject, VENV_OF } from '../support/lock-tools.ts';
import { machineNames } from '../support/machine-name.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { runOrThrow } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { venvProgram } from '../support/tools.ts';

let site: TestSite;
let nginx: Nginx;
let sayMachine: (machine: string) => Record<string, string>;
const pythons = new Map<string, string>();

beforeAll(async () => {
  site = new TestSite();
  chmodSync(site.root, 0o755); // nginx reads it as somebody else
  addLockedWheels(site);
  await site.build();
  sayMachine = await machineNames();
  nginx = await startNginx(site.root);
  for (const venv of new Set(Object.values(VENV_OF))) {
    const { stdout } = await runOrThrow(venvProgram(venv, 'python'), [
      '-c',
      'import platform; print(platform.python_version())',
    ]);
    pythons.set(venv, stdout.trim());
  }
});
afterAll(async () => {
  await nginx?.stop();
  site.close();
});

/** These take many times as long as the others: of what all lock they lock what tells most. */
const SLOW_TOOLS: Partial<Record<LockTool, RegExp>> = {
  pipenv: /^(?:markers of all kinds|extras of dependencies|a ring in a group)/,
  'poetry-1': /^(?:a direct|a ring|extras of dep|markers of all|a group that has anywhere|versions by)/,
};

const CASES = LOCK_TOOLS.flatMap((tool) =>
  [...SHARED_PROJECTS, ...(OWN_PROJECTS[tool] ?? [])]
    .filter((project) => isFor(tool, project))
    .map((project): [string, string, LockTool, LockProject] => [tool, project.what, tool, project]),
);

function isFor(tool: LockTool, { what, more, files, extras, groups }: LockProject): boolean {
  if (files) return true;
  if (more) return tool in more;
  if (tool === 'pylock-pip') return !extras && !groups;
  const telling = SLOW_TOOLS[tool];
  return !telling || telling.test(what);
}

/** Where else they are to be installed, and how the tool is told: `platform` is kho's word for it. */
interface Elsewhere {
  platform: string;
  machine: Parameters<Awaited<ReturnType<typeof lockProject>>['dryRun']>[0];
}

/** What depends on the machine of its kernel, each tool shows once; uv, which is quick, always. pip locks for one machine only. */
function elsewhere(tool: LockTool, { what, files }: LockProject): Elsewhere[] {
  const board = { platform: 'glibc-armv7l', machine: { environment: sayMachine('armv7l') } };
  const isTelling = tool !== 'pylock-pip' && !files && /^(?:machines|markers of all)/.test(what);
  if (tool !== 'uv') return isTelling ? [board] : [];
  const musl = ['x86_64', 'aarch64'].map((architecture) => ({
    platform: `musl-${architecture}`,
    machine: { uvPlatform: `${architecture}-unknown-linux-musl` },
  }));
  return [board, ...musl];
}

describe.concurrent('kho and the tool agree on', () => {
  test.for(CASES)('%s: %s', { timeout: 900_000 }, async ([, , tool, project], { onTestFinished }) => {
    const { lock, dryRun } = await lockProject(tool, project, nginx.url, onTestFinished);
    const needs = await readNeedsFile(lock);
    const python = parseTargetPython(pythons.get(VENV_OF[tool]) as string);
    for (const { platform, machine } of [{ platform: 'glibc-x86_64', machine: {} }, ...elsewhere(tool, project)]) {
      const { wanted, outside } = needs.needsOf(markerEnvironments({ platform, python }));
      const ours = [
        ...wanted.map(({ name, specifiers }) => `${name}${specifiers}`),
        ...outside.map((text) => `${text.split(' ')[0]} from elsewhere`),
      ];
      const members = new Set(['app', 'one', 'two', 'lib']);
      const theirs = [...(await dryRun(machine))].flatMap(([name, version]) => {
        if (version !== '') return [`${name}==${version}`];
        return members.has(name) ? [] : [`${name} from elsewhere`];
      });
      expect(theirs.length).toBeGreaterThan(0);
      expect([...ours].sort(), platform).toEqual(expect.arrayContaining(theirs));
      const beyond = ours.filter((each) => !theirs.includes(each)).map((each) => each.split('==')[0]);
      expect(beyond.sort(), platform).toEqual(Object.keys(project.beyond ?? {}).sort());
    }
    expect(needs.notes ?? []).toEqual([]);
  });
});

test('there are enough of them', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(40);
});
