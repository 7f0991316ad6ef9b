/** A site that has a page of every kind and in every state, of real packages and made ones. It speaks Vietnamese. */
import { join } from 'node:path';
import { copyTo, corpus } from './corpus.ts';
import { TestSite } from './site.ts';

/** Made projects in `many`: a page of projects and the beginning of a second. */
const MANY = 210;

export async function everyPageSite(): Promise<TestSite> {
  const site = new TestSite();
  await copyTo(join(site.root, 'real/packages'), await corpus());
  for (let place = 1; place <= MANY; place++) {
    site.wheel('many', { name: `made-${place}`, version: '1.0', metadata: `Summary: Number ${place}` });
  }
  for (const platform of ['manylinux_2_17_x86_64', 'musllinux_1_2_x86_64']) {
    const metadata = ['Summary: Numbers', 'Requires-Dist: made-1', 'Requires-Dist: absent; extra == "x"'];
    site.wheel('many', { name: 'numbers', version: '1.0', tag: `cp311-cp311-${platform}`, metadata });
    site.wheel('many', { name: 'numbers', version: '2.0', tag: `cp311-cp311-${platform}`, metadata });
  }
  site.put('many/packages/numbers-1.0-cp311-cp311-musllinux_1_2_x86_64.whl.yanked', 'It counts wrongly');
  site.sdist('many', { name: 'source-only', version: '1.0', metadata: 'Summary: Nothing but an sdist' });
  for (const name of ['old', 'replaced', 'suspicious']) site.wheel('many', { name, version: '1.0' });
  site.put('many/packages/broken-1.0-py3-none-any.whl', 'no archive');
  site.put('empty/packages/.keep', '');
  const statuses = { old: 'archived', replaced: 'deprecated', suspicious: 'quarantined' };
  const settings = Object.entries(statuses).map(
    ([name, status]) =>
      `[repositories.many.projects.${name}]\nstatus = "${status}"\nreason = "Because of the ${name} one"\n`,
  );
  site.put(
    'kho.toml',
    `title = "Packages & more"\nlanguage = "vi"\n\n[upload]\nenabled = true\n\n${settings.join('\n')}`,
  );
  await site.build();
  return site;
}

/** Each kind of page, and each state that shows something of its own. */
export const EVERY_PAGE = {
  site: 'index.html',
  'repository of real packages': 'real/index.html',
  'repository of many projects': 'many/index.html',
  'second page of projects': 'many/project/page-2.html',
  'repository without projects': 'empty/index.html',
  'project with a long description': 'real/project/requests/index.html',
  'project with releases for many machines': 'many/project/numbers/index.html',
  'project with nothing but an sdist': 'many/project/source-only/index.html',
  'project in quarantine': 'many/project/suspicious/index.html',
  'version of a project': 'many/project/numbers/2.0/index.html',
  'archived project': 'many/project/old/index.html',
  'file of a wheel': 'real/project/asyncpg/0.30.0/asyncpg-0.30.0-cp311-cp311-musllinux_1_2_x86_64.whl.html',
  'file of an sdist': 'many/project/source-only/1.0/source_only-1.0.tar.gz.html',
  'yanked file': 'many/project/numbers/1.0/numbers-1.0-cp311-cp311-musllinux_1_2_x86_64.whl.html',
  'held files': 'project/held.html',
  'no held files': 'empty/project/held.html',
  'how to publish': 'project/publish.html',
  'how to publish to a repository': 'many/project/publish.html',
  'all projects': 'project/all.html',
  changes: 'project/changes.html',
  'no changes': 'empty/project/changes.html',
  platforms: 'many/project/platforms.html',
  'no platforms': 'empty/project/platforms.html',
} as const;
