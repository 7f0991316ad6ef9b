/** Tools that lock: a project as they want it written, its lock, and what they would install of it here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseRequirement } from '../../src/standards/requirement.ts';
import { clientEnvironment } from './client-environment.ts';
import type { LockProject, LockTool } from './lock-projects.ts';
import { type Run, runOrThrow } from './run-program.ts';
import { venvProgram } from './tools.ts';

export interface LockedByTool {
  /** The lock, a path. */
  lock: string;
  /**
   * What it would install, by the tool's own dry run: normalized name → version.
   *
   * @param machine to make it believe that it runs on one; uv can be told of a platform too
   */
  dryRun(machine?: { environment?: Record<string, string>; uvPlatform?: string }): Promise<Map<string, string>>;
}

/** Pipenv takes minutes where others use the machine too. */
const TOOL_LIMIT_MS = 280_000;

/** Python environments that the tools live in, and whose Python they lock and install for. */
export const VENV_OF: Record<LockTool, string> = {
  uv: 'oracle',
  'pylock-uv': 'oracle',
  'pylock-pip': 'oracle',
  poetry: 'poetry',
  'poetry-1': 'poetry-1',
  pdm: 'pdm',
  'pdm-graph': 'pdm',
  pipenv: 'pipenv',
};

/**
 * @param index the address of a site with the repositories `main` and `other`
 * @param onFinished takes what removes all of it
 */
export async function lockProject(
  tool: LockTool,
  project: LockProject,
  index: string,
  onFinished: (clean: () => void) => void,
): Promise<LockedByTool> {
  const folder = mkdtempSync(join(tmpdir(), 'kho-lock-'));
  const { home, env } = clientEnvironment({
    POETRY_VIRTUALENVS_CREATE: 'false',
    POETRY_NO_INTERACTION: '1',
    PDM_USE_VENV: '0',
    PIPENV_NOSPIN: '1',
    PIPENV_YES: '1',
    PIPENV_IGNORE_VIRTUALENVS: '1',
  });
  onFinished(() => {
    for (const path of [folder, home]) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  });
  const files = project.files ?? filesOf(tool, project);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll('INDEX', index));
  }
  const python = venvProgram(VENV_OF[tool], 'python');
  const runIn =
    (more: Record<string, string>) =>
    (venv: string, program: string, ...words: string[]): Promise<Run> =>
      runOrThrow(venvProgram(venv, program), words, {
        limitMs: TOOL_LIMIT_MS,
        cwd: folder,
        env: { ...env, UV_PYTHON: python, UV_NO_CONFIG: undefined, ...more }, // uv's settings stand in pyproject.toml
      });
  const run = runIn({});
  const pip = ['install', '--dry-run', '--ignore-installed', '--disable-pip-version-check'];
  const main = `${index}/main/simple/`;
  switch (tool) {
    case 'uv': {
      const script = 'tool.py' in files ? ['--script', 'tool.py'] : [];
      await run('uv', 'uv', 'lock', ...script);
      return {
        lock: join(folder, script.length > 0 ? 'tool.py.lock' : 'uv.lock'),
        async dryRun({ environment = {}, uvPlatform } = {}) {
          const of = script.length > 0 ? script : ['--all-packages'];
          const on = uvPlatform === undefined ? [] : ['--python-platform', uvPlatform];
          const cache = Object.keys(environment).length > 0 ? ['--no-cache'] : []; // it remembers what machine it is
          const { stderr } = await runIn(environment)(
            'uv',
            'uv',
            'sync',
            '--dry-run',
            '--locked',
            ...cache,
            ...on,
            ...of,
          );
          return namesIn(stderr, UV_LINE);
        },
      };
    }
    case 'pylock-uv': {
      await run('uv', 'uv', 'export', '--format', 'pylock.toml', '-o', 'pylock.toml', '--no-emit-project');
      return {
        lock: join(folder, 'pylock.toml'),
        async dryRun({ environment = {}, uvPlatform } = {}) {
          const on = uvPlatform === undefined ? [] : ['--python-platform', uvPlatform];
          const words = ['pip', 'sync', '--dry-run', '--target', 'nothing', ...on, 'pylock.toml'];
          const cache = Object.keys(environment).length > 0 ? ['--no-cache'] : [];
          const { stderr } = await runIn(environment)('uv', 'uv', ...words, ...cache);
          return namesIn(stderr, UV_LINE);
        },
      };
    }
    case 'pylock-pip': {
      await run('oracle', 'pip', 'lock', '--index-url', main, ...(project.dependencies ?? []), '-o', 'pylock.toml');
      return {
        lock: join(folder, 'pylock.toml'),
        async dryRun({ environment = {} } = {}) {
          const words = [...pip, '-r', 'pylock.toml', '--report', '-', '--quiet'];
          const { stdout } = await runIn(environment)('oracle', 'pip', ...words);
          return namesInReport(stdout);
        },
      };
    }
    case 'poetry':
    case 'poetry-1': {
      await run(tool, 'poetry', 'lock');
      return {
        lock: join(folder, 'poetry.lock'),
        async dryRun({ environment = {} } = {}) {
          const { stdout } = await runIn(environment)(tool, 'poetry', 'install', '--dry-run', '--no-root');
          return namesIn(stdout, POETRY_LINE);
        },
      };
    }
    case 'pdm':
    case 'pdm-graph': {
      await run('pdm', 'pdm', 'lock', '-G', ':all', ...(tool === 'pdm-graph' ? ['-S', 'no_inherit_metadata'] : []));
      return {
        lock: join(folder, 'pdm.lock'),
        async dryRun({ environment = {} } = {}) {
          const { stdout } = await runIn(environment)('pdm', 'pdm', 'sync', '--dry-run', '--no-self');
          return namesIn(stdout, /^ +- (\S+) (\S+)$/);
        },
      };
    }
    case 'pipenv': {
      await run('pipenv', 'pipenv', '--python', python, 'lock');
      return {
        lock: join(folder, 'Pipfile.lock'),
        async dryRun({ environment = {} } = {}) {
          const { stdout } = await run('pipenv', 'pipenv', 'requirements');
          writeFileSync(join(folder, 'out.txt'), stdout);
          const words = [...pip, '--no-deps', '-r', 'out.txt', '--report', '-', '--quiet'];
          const report = await runIn(environment)('oracle', 'pip', ...words);
          return namesInReport(report.stdout);
        },
      };
    }
  }
}

const UV_LINE = /^ \+ (\S+?)(?:==(\S+)| @ .*)$/;
const POETRY_LINE = /^ +- Installing (\S+) \((\S+?)(?: [^)]*)?\)$/;

/** What is skipped has more on its line. */
function namesIn(output: string, line: RegExp): Map<string, string> {
  return new Map(
    output.split('\n').flatMap((text): [string, string][] => {
      const [, name, version = ''] = line.exec(text.trimEnd()) ?? [];
      return name === undefined ? [] : [[normalized(name), version]];
    }),
  );
}

function namesInReport(report: string): Map<string, string> {
  const { install } = JSON.parse(report) as { install: { metadata: { name: string; version: string } }[] };
  return new Map(install.map(({ metadata: { name, version } }) => [normalized(name), version]));
}

function normalized(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}

function filesOf(tool: LockTool, project: LockProject): Record<string, string> {
  if (tool === 'pipenv') return { Pipfile: pipfile(project) };
  return { 'pyproject.toml': tool === 'poetry-1' ? poetryTables(project) : standardTables(tool, project) };
}

const SOURCES: Partial<Record<LockTool, string>> = {
  poetry:
    '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "main"\nurl = "INDEX/main/simple/"\npriority = "primary"\n',
  pdm: '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "INDEX/main/simple/"\nverify_ssl = false\n',
  uv: '[[tool.uv.index]]\nname = "main"\nurl = "INDEX/main/simple/"\ndefault = true\n',
};

function standardTables(tool: LockTool, { dependencies = [], extras = {}, groups = {}, more }: LockProject): string {
  const source = SOURCES[tool] ?? SOURCES[tool.startsWith('pdm') ? 'pdm' : 'uv'];
  return `[project]
name = "app"
version = "0"
requires-python = ">=3.11"
dependencies = ${JSON.stringify(dependencies)}
[project.optional-dependencies]
${lists(extras)}
[dependency-groups]
${lists(groups)}
${more?.[tool] ?? ''}
${source}`;
}

function lists(tables: Record<string, string[]>): string {
  return Object.entries(tables)
    .map(([name, list]) => `${name} = ${JSON.stringify(list)}\n`)
    .join('');
}

/** As Poetry has written it ever since: extras are optional dependencies that a list names. */
function poetryTables({ dependencies = [], extras = {}, groups = {} }: LockProject): string {
  const optional = Object.values(extras).flat();
  const names = Object.entries(extras).map(
    ([extra, list]) => `${extra} = ${JSON.stringify(list.map((text) => parseRequirement(text).name))}\n`,
  );
  return `[tool.poetry]
name = "app"
version = "0"
description = ""
authors = []
package-mode = false
[tool.poetry.dependencies]
python = "^3.11"
${poetryDependencies(dependencies, optional)}
[tool.poetry.extras]
${names.join('')}
${Object.entries(groups)
  .map(([name, list]) => `[tool.poetry.group.${name}.dependencies]\n${poetryDependencies(list, [])}`)
  .join('')}
[[tool.poetry.source]]
name = "main"
url = "INDEX/main/simple/"
priority = "primary"
`;
}

function poetryDependencies(needed: readonly string[], optional: readonly string[]): string {
  const byName = new Map<string, string[]>();
  for (const [list, isOptional] of [
    [needed, false],
    [optional, true],
  ] as const) {
    for (const text of list) {
      const { name, extras, specifiers } = parseRequirement(text);
      const marker = text.split(';')[1]?.trim();
      const table = [
        `version = ${JSON.stringify(specifiers || '*')}`,
        ...(extras.length > 0 ? [`extras = ${JSON.stringify(extras)}`] : []),
        ...(marker ? [`markers = ${JSON.stringify(marker)}`] : []),
        ...(isOptional ? ['optional = true'] : []),
      ];
      byName.set(name, [...(byName.get(name) ?? []), `{ ${table.join(', ')} }`]);
    }
  }
  return [...byName]
    .map(([name, tables]) => `${name} = ${tables.length > 1 ? `[${tables.join(', ')}]` : tables[0]}\n`)
    .join('');
}

/** Its only group is for developers, and installed by another option. */
function pipfile({ dependencies = [], groups = {} }: LockProject): string {
  return `[[source]]
url = "INDEX/main/simple/"
verify_ssl = false
name = "main"
[packages]
${poetryDependencies(dependencies, [])}
[dev-packages]
${poetryDependencies(Object.values(groups).flat(), [])}
`;
}
