import { expect, test } from 'vitest';
import type { SiteContext } from './model.ts';
import { publishPage } from './publish-page.ts';

const SITE: SiteContext = {
  ...{ title: 'A & B', language: 'en', style: 'kho.css', script: 'kho.js', theme: 't.js', icon: 'i.svg' },
  ...{ texts: { en: 'en.js', vi: 'vi.js' }, repositories: ['glibc', 'musl'], remoteImages: false },
  uploadsTo: ['glibc', 'musl'],
};
const CLIENTS = ['twine', 'uv', 'Poetry', 'PDM', 'Hatch', 'Flit', 'maturin', 'curl', 'GitLab CI', 'GitHub Actions'];

/** What somebody copies, by client. */
function linesOf(page: string): Record<string, string> {
  const tabs = page.matchAll(/<label for="upload-[a-z]+">([^<]+)<\/label>\n.*?<code>(.*?)<\/code>/gs);
  return Object.fromEntries([...tabs].map(([, client, lines = '']) => [client, lines.replace(/<[^>]+>/g, '')]));
}

test.each([
  [undefined, '.', 'https://YOUR-SERVER/upload/'],
  [undefined, 'glibc', 'https://YOUR-SERVER/glibc/upload/'],
  ['https://packages.example.vn/py', '.', 'https://packages.example.vn/py/upload/'],
  ['https://packages.example.vn/py', 'glibc', 'https://packages.example.vn/py/glibc/upload/'],
])('publishPage() of a site at %s has the lines of each client for %s', (siteUrl, repository, address) => {
  const lines = linesOf(publishPage({ ...SITE, ...(siteUrl !== undefined && { siteUrl }) }, repository));
  expect(Object.keys(lines)).toEqual(CLIENTS);
  for (const [client, text] of Object.entries(lines)) expect(text.split(/[\s=]/), client).toContain(address);
});

test('publishPage() knows no token: each client takes it from the environment', () => {
  for (const text of Object.values(linesOf(publishPage(SITE, 'glibc'))))
    expect(text).toMatch(/\$KHO_TOKEN|\$\{\{ secrets\.KHO_TOKEN \}\}/);
});

test('publishPage() of the site leads to those of its repositories, whose own leads nowhere else', () => {
  expect(publishPage(SITE, '.')).toContain('<a href="../glibc/project/publish.html">glibc</a>');
  expect(publishPage(SITE, 'glibc')).not.toContain('musl');
  expect(publishPage({ ...SITE, uploadsTo: ['.'] }, '.')).not.toContain('id="where"');
});

test.each(['glibc', '.'])('publishPage() of %s says whose token is needed', (repository) => {
  const named = publishPage(SITE, repository).includes('kho token add NAME --to glibc');
  expect(named).toBe(repository === 'glibc');
});
