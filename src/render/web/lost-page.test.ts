import { expect, test } from 'vitest';
import { lostPage, lostPageAt } from './lost-page.ts';
import type { SiteContext } from './model.ts';

const SITE: SiteContext = {
  ...{ title: 'A & B', language: 'en', style: 'project/kho.css', script: 'project/kho.js', theme: 'project/theme.js' },
  icon: 'project/icon.svg',
  ...{ texts: { en: 'project/en.js', vi: 'project/vi.js' }, repositories: ['.', 'musl'], remoteImages: false },
};
const linksOf = (page: string) =>
  [...page.matchAll(/ (?:href|src|data-root)="([^"]*)"/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:data:|#)/.test(link));

test.each([
  [undefined, '/'],
  ['https://packages.example.vn', '/'],
  ['https://example.vn/python/packages', '/python/packages/'],
])('lostPage() of %s begins all its links with %s', (siteUrl, begin) => {
  const links = linksOf(lostPage({ ...SITE, ...(siteUrl !== undefined && { siteUrl }) }));
  expect(links).toEqual(
    expect.arrayContaining([`${begin}index.html`, `${begin}musl/index.html`, `${begin}project/kho.css`]),
  );
  expect(links.filter((link) => !link.startsWith(begin) || link.startsWith(`${begin}/`))).toEqual([]);
});

test.each([
  [0, './'],
  [3, '../../../'],
])('lostPageAt() a depth of %i leads up', (depth, up) => {
  const site = { ...SITE, siteUrl: 'https://example.vn/python' };
  const links = linksOf(lostPageAt(lostPage(site), site, depth));
  expect(links).toContain(`${up}musl/index.html`);
  expect(links.filter((link) => !link.startsWith(up))).toEqual([]);
});

test('lostPage() says of projects of other indexes that they have no pages, where there are such', () => {
  const told = 'have no pages of their own';
  expect([lostPage(SITE).includes(told), lostPage({ ...SITE, passesOn: true }).includes(told)]).toEqual([false, true]);
});
