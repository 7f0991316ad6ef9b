/** Projects that lock files are made of, and the small index that they are locked from: each has one knot that locks get wrong. */
import type { WheelOptions } from './make-package.ts';
import type { TestSite } from './site.ts';

export const LOCK_TOOLS = [
  'uv',
  'poetry',
  'poetry-1',
  'pdm',
  'pdm-graph',
  'pipenv',
  'pylock-uv',
  'pylock-pip',
] as const;
export type LockTool = (typeof LOCK_TOOLS)[number];

/** What kho wants more than the tool installs: name → why that is right. */
type Beyond = Record<string, string>;

export interface LockProject {
  /** What is knotted in it. */
  what: string;
  dependencies?: string[];
  extras?: Record<string, string[]>;
  groups?: Record<string, string[]>;
  /** More for pyproject.toml, by tool: only those tools lock it. All do, when absent. */
  more?: Partial<Record<LockTool, string>>;
  /** Instead of all of the above: files of the project. */
  files?: Record<string, string>;
  beyond?: Beyond;
}

/** What a wheel is named, and needs. */
const WHEELS: Record<string, string[]> = {
  'appcore 1.0': ['ring-a', 'winonly; sys_platform == "win32"', 'linuxonly; sys_platform == "linux"'],
  'ring-a 1.0': ['ring-b'],
  'ring-b 1.0': ['ring-c>=1'],
  'ring-c 1.0': ['ring-a'],
  'winonly 1.0': ['winmore'],
  'winmore 1.0': [],
  'linuxonly 1.0': [],
  'speedy 1.0': [
    'fastlib; extra == "fast"',
    'morelib; extra == "more" and python_version < "3"',
    'direct; extra == "more"',
  ],
  'fastlib 1.0': [],
  'morelib 1.0': [],
  'deep 1.0': ['speedy[fast]'],
  'wantswin 1.0': ['direct; sys_platform == "win32"', 'forked; os_name == "nt"'],
  'direct 1.0': [],
  'forked 1.0': [],
  'forked 2.0': ['newdep'],
  'forked 3.0': ['newdep', 'direct'],
  'newdep 1.0': [],
  'needsforked 1.0': ['forked'],
  'oldpy 1.0': ['forked<2; python_version < "3.9"', 'forked>=2,<3; python_version >= "3.9"'],
  'machines 1.0': [
    'armlib; platform_machine == "armv7l"',
    'x86lib; platform_machine == "x86_64" or platform_machine == "AMD64"',
  ],
  'armlib 1.0': [],
  'x86lib 1.0': [],
  'implement 1.0': ['pypylib; implementation_name == "pypy"', 'cpylib; platform_python_implementation == "CPython"'],
  'pypylib 1.0': [],
  'cpylib 1.0': [],
  'selfish 1.0': ['selfish[left,right]; extra == "all"', 'liba; extra == "left"', 'libb; extra == "right"'],
  'liba 1.0': [],
  'libb 1.0': [],
  'torchy 1.0': ['cudalib; sys_platform == "linux"'],
  'cudalib 1.0': [],
  'Odd_Name.pkg 1.0.post1': ['Ring.C'],
};

/** Of the second index: the same version with other needs, and one of its own. */
const OTHER_WHEELS: Record<string, string[]> = {
  'torchy 1.0': ['cpulib'],
  'torchy 1.0+cpu': ['cpulib'],
  'cpulib 1.0': [],
};

function wheel(title: string, needs: readonly string[]): WheelOptions {
  const [name = '', version = ''] = title.split(' ');
  const extras = [...new Set(needs.flatMap((need) => /extra == "(\w+)"/.exec(need)?.[1] ?? []))];
  return {
    ...{ name, version },
    metadata: [...extras.map((extra) => `Provides-Extra: ${extra}`), ...needs.map((need) => `Requires-Dist: ${need}`)],
  };
}

/** Into the repositories `main` and `other`. */
export function addLockedWheels(site: TestSite): void {
  for (const [title, needs] of Object.entries(WHEELS)) site.wheel('main', wheel(title, needs));
  for (const [title, needs] of Object.entries(OTHER_WHEELS)) site.wheel('other', wheel(title, needs));
  for (const title of ['cpulib 1.0']) site.wheel('main', wheel(title, []));
}

const NO_FORKS: Partial<Record<LockTool, string>> = { uv: '', poetry: '', 'poetry-1': '', 'pylock-uv': '' };

/** For every tool that can. */
export const SHARED_PROJECTS: LockProject[] = [
  { what: 'dependencies with markers', dependencies: ['appcore', 'Odd.Name-pkg'] },
  { what: 'a direct dependency that another wants on Windows', dependencies: ['wantswin', 'direct'] },
  { what: 'a ring', dependencies: ['ring-b'] },
  { what: 'extras of dependencies, and of theirs', dependencies: ['deep', 'speedy[more]'] },
  { what: 'extras that want each other', dependencies: ['selfish[all]'] },
  { what: 'machines and implementations', dependencies: ['machines', 'implement'] },
  {
    what: 'markers of all kinds',
    dependencies: [
      'direct; sys_platform != "win32" and (python_version >= "3.8" or os_name == "nt")',
      'speedy; platform_system in "Linux Darwin"',
      'machines; platform_machine not in "armv7l aarch64"',
      'winonly; sys_platform == "cygwin"',
    ],
  },
  {
    what: 'a group that has for Windows what the project has anywhere',
    dependencies: ['direct'],
    groups: { dev: ['wantswin', 'fastlib'] },
  },
  {
    what: 'a group that has anywhere what the project has for Windows',
    dependencies: ['linuxonly', 'direct; sys_platform == "win32"'],
    groups: { dev: ['direct', 'winonly; sys_platform == "win32"'] },
  },
  {
    what: 'a ring in a group, entered on Windows by the project',
    dependencies: ['linuxonly', 'ring-a; sys_platform == "win32"'],
    groups: { dev: ['ring-c'] },
  },
  {
    what: 'extras of its own',
    dependencies: ['linuxonly'],
    extras: { gui: ['speedy[fast]'], other: ['direct'] },
    more: { uv: '', poetry: '', 'poetry-1': '', 'pylock-uv': '' },
  },
  {
    what: 'extras of its own that share with the rest',
    dependencies: ['speedy', 'direct; sys_platform == "win32"'],
    extras: { gui: ['speedy[fast]', 'direct'] },
    more: { uv: '', poetry: '', 'pylock-uv': '' },
  },
  {
    what: 'versions by system',
    dependencies: ['forked<2; sys_platform == "win32"', 'forked>=3; sys_platform != "win32"'],
    more: NO_FORKS,
  },
  {
    what: 'versions by Python',
    dependencies: ['forked<2; python_version < "3.10"', 'forked==2.0; python_version >= "3.10"', 'oldpy'],
    more: NO_FORKS,
  },
];

const UV_INDEX = (more: string) => `[project]
name = "app"
version = "0"
requires-python = ">=3.11"
${more}
[[tool.uv.index]]
name = "main"
url = "INDEX/main/simple/"
default = true
[[tool.uv.index]]
name = "other"
url = "INDEX/other/simple/"
explicit = true
`;
const MEMBER = (name: string, more: string) =>
  `[project]\nname = "${name}"\nversion = "0"\nrequires-python = ">=3.11"\n${more}\n`;
const POETRY = (more: string) => `[tool.poetry]
name = "app"
version = "0"
description = ""
authors = []
package-mode = false
${more}
[[tool.poetry.source]]
name = "main"
url = "INDEX/main/simple/"
priority = "primary"
[[tool.poetry.source]]
name = "other"
url = "INDEX/other/simple/"
priority = "explicit"
`;

/** What only one tool knows. `INDEX` stands for the address of the site. */
export const OWN_PROJECTS: Partial<Record<LockTool, LockProject[]>> = {
  uv: [
    {
      what: 'one version from two indexes',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["torchy==1.0"]
[tool.uv.sources]
torchy = [{ index = "other", marker = "sys_platform == 'linux'" }, { index = "main", marker = "sys_platform != 'linux'" }]`),
      },
    },
    {
      what: 'extras that exclude each other, each from its index',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["speedy"]
[project.optional-dependencies]
cpu = ["torchy==1.0+cpu"]
cuda = ["torchy==1.0"]
[tool.uv]
conflicts = [[{ extra = "cpu" }, { extra = "cuda" }]]
[tool.uv.sources]
torchy = [{ index = "other", extra = "cpu" }, { index = "main", extra = "cuda" }]`),
      },
    },
    {
      what: 'groups that exclude each other, and reach into what both need',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["wantswin", "needsforked"]
[dependency-groups]
dev = ["forked<2"]
next = ["forked>=3"]
[tool.uv]
conflicts = [[{ group = "dev" }, { group = "next" }]]`),
      },
    },
    {
      what: 'an extra of a member that another asks for, and that excludes another',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["lib[old]", "ring-a"]
[tool.uv]
conflicts = [[{ package = "lib", extra = "old" }, { package = "lib", extra = "new" }]]
[tool.uv.workspace]
members = ["lib"]
[tool.uv.sources]
lib = { workspace = true }`),
        'lib/pyproject.toml': MEMBER(
          'lib',
          'dependencies = ["direct"]\n[project.optional-dependencies]\nold = ["forked<2"]\nnew = ["forked>=3"]',
        ),
      },
    },
    {
      what: 'a workspace whose root is a project',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["direct"]
[tool.uv.workspace]
members = ["packages/*"]`),
        'packages/one/pyproject.toml': MEMBER(
          'one',
          'dependencies = ["deep", "two"]\n[dependency-groups]\ndev = ["liba"]\ndocs = ["libb"]\n[tool.uv.sources]\ntwo = { workspace = true }',
        ),
        'packages/two/pyproject.toml': MEMBER('two', 'dependencies = ["appcore"]'),
      },
    },
    {
      what: 'a workspace whose root is none, with groups',
      files: {
        'pyproject.toml': UV_INDEX(`[dependency-groups]
dev = ["ring-a", "winonly; sys_platform == 'win32'"]
docs = ["libb"]
[tool.uv.workspace]
members = ["one"]`).replace(/^\[project\][^[]*/, ''),
        'one/pyproject.toml': MEMBER('one', 'dependencies = ["machines"]'),
      },
    },
    {
      what: 'an editable path, with groups of its own',
      files: {
        'pyproject.toml': UV_INDEX(`dependencies = ["beside"]
[tool.uv.sources]
beside = { path = "beside", editable = true }`),
        'beside/pyproject.toml': MEMBER('beside', 'dependencies = ["direct"]\n[dependency-groups]\ndev = ["libb"]'),
      },
    },
    {
      what: 'default groups',
      files: {
        'pyproject.toml': UV_INDEX(
          'dependencies = ["direct"]\n[dependency-groups]\ndev = ["liba"]\ndocs = ["libb", { include-group = "more" }]\nmore = ["ring-a"]\n[tool.uv]\ndefault-groups = ["docs"]',
        ),
      },
    },
    {
      what: 'all groups by default',
      files: {
        'pyproject.toml': UV_INDEX(
          'dependencies = ["direct"]\n[dependency-groups]\ndev = ["liba"]\ndocs = ["libb"]\n[tool.uv]\ndefault-groups = "all"',
        ),
      },
    },
    {
      what: 'dev-dependencies of old',
      files: {
        'pyproject.toml': UV_INDEX('dependencies = ["direct"]\n[tool.uv]\ndev-dependencies = ["speedy[fast]"]'),
      },
    },
    {
      what: 'a script, with forks',
      files: {
        'tool.py': `# /// script
# requires-python = ">=3.11"
# dependencies = ["appcore", "speedy[fast]", "forked<2; sys_platform == 'win32'", "forked>=3; sys_platform != 'win32'"]
# [[tool.uv.index]]
# url = "INDEX/main/simple/"
# default = true
# ///
`,
      },
    },
  ],
  poetry: [
    {
      what: 'an extra that is asked for by its absence',
      files: {
        'pyproject.toml': POETRY(`[tool.poetry.dependencies]
python = "^3.11"
forked = [{ version = "<2", markers = "extra == 'old'" }, { version = ">=3", markers = "extra != 'old'" }]`),
      },
    },
    {
      what: 'one project from two indexes',
      files: {
        'pyproject.toml': POETRY(`[tool.poetry.dependencies]
python = "^3.11"
torchy = [{ version = "1.0+cpu", source = "other", platform = "linux" }, { version = "1.0", source = "main", platform = "win32" }]`),
      },
    },
    {
      what: 'optional groups',
      files: {
        'pyproject.toml': POETRY(
          '[tool.poetry.dependencies]\npython = "^3.11"\ndirect = "*"\n[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.docs.dependencies]\nlibb = "*"',
        ),
      },
      beyond: { libb: 'the lock does not tell that its group is optional' },
    },
  ],
  'poetry-1': [
    {
      what: 'constraints of its own kind, platforms, optional ones',
      files: {
        'pyproject.toml': POETRY(`[tool.poetry.dependencies]
python = "^3.11"
forked = [{ version = "^2.0", python = ">=3.11,<4" , platform = "linux" }, { version = "~1.0", platform = "win32" }]
speedy = { version = "1.*", extras = ["fast"] }
libb = { version = "*", optional = true }
winonly = { version = ">=1.0 <2", markers = "os_name == 'nt'" }
[tool.poetry.extras]
more = ["libb"]
[tool.poetry.dev-dependencies]
wantswin = "^1"`),
      },
    },
    {
      what: 'optional groups',
      files: {
        'pyproject.toml': POETRY(
          '[tool.poetry.dependencies]\npython = "^3.11"\ndirect = "*"\n[tool.poetry.group.docs]\noptional = true\n[tool.poetry.group.docs.dependencies]\nring-a = "*"',
        ),
      },
      beyond: { 'ring-a': 'groups that are optional count', 'ring-b': 'of ring-a', 'ring-c': 'of ring-a' },
    },
  ],
};
