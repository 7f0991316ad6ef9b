import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const build = (site: TestSite, ...words: string[]) =>
  runProgram(process.execPath, [KHO, 'build', site.root, '--json', ...words]);

function makeSite(projects: number): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  for (let project = 0; project < projects; project++) {
    site.wheel('glibc', { name: `p${project}`, version: '1.0' });
    site.sdist('common', { name: `p${project}`, version: '1.0' });
  }
  site.put('kho.toml', '[repositories.glibc]\ninclude = ["common"]\n');
  return site;
}

test('several runs at once all succeed, and leave the site that one run makes', async () => {
  const site = makeSite(150);
  const runs = await Promise.all([1, 2, 3, 4].map(() => build(site)));
  expect(runs.map((run) => [run.exitCode, run.stderr])).toEqual(runs.map(() => [0, '']));
  const alone = makeSite(150);
  await build(alone);
  expect(site.snapshot()).toEqual(alone.snapshot());
  expect(readdirSync(join(site.root, '.kho')).sort()).toEqual(['manifest', 'pages', 'pages-projects']);
  expect(readdirSync(join(site.root, 'glibc')).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a run that looked at the folders before another one published does not bring old pages back', async () => {
  const site = makeSite(150);
  const first = build(site);
  site.wheel('glibc', { name: 'late', version: '1.0' });
  const second = build(site);
  await Promise.all([first, second]);
  expect(site.listed('glibc', 'late')).toEqual(['late-1.0-py3-none-any.whl']);
  expect(site.json('glibc/simple/index.json').projects).toHaveLength(151);
});

test('threads and one thread publish the same bytes', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  for (let number = 0; number < 250; number++) {
    const name = `p${number}`;
    const description = `# ${name}\n\nNeeds [p${number % 7}](https://example.org/${number}).\n\n\`\`\`python\nreturn ${number}\n\`\`\`\n`;
    const metadata = [`Requires-Dist: p${number % 7}`, 'Description-Content-Type: text/markdown'];
    const tag = `cp31${number % 4}-cp31${number % 4}-manylinux_2_17_x86_64`;
    site.wheel('glibc', { name, version: '1.0', description, metadata, ...(number % 2 && { tag }) });
    site.wheel('glibc', { name, version: '1.1', description: `${description}\nMore.`, metadata });
    site.sdist('common', { name, version: '1.0', metadata });
  }
  site.put('kho.toml', '[repositories.glibc]\ninclude = ["common"]\n');

  await build(site, '--jobs', '3');
  const threads = site.snapshot();
  const made = ['simple', 'pypi', 'project', 'index.html'].flatMap((name) => [`glibc/${name}`, `common/${name}`]);
  site.remove('.kho', 'project', 'index.html', ...made);
  await build(site, '--jobs', '1');
  expect(site.snapshot()).toEqual(threads);
  expect(existsSync(join(site.root, 'glibc/simple/p7/index.html'))).toBe(true);
  expect(site.read('glibc/project/p7/index.html')).toContain('class="hl-keyword"');
});
