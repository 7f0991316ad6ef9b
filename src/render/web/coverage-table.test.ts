import { expect, test } from 'vitest';
import type { CoverageCell } from '../../catalog/coverage.ts';
import { coverageSection } from './coverage-table.ts';
import { Words } from './words.ts';

const machines = ['glibc-armv7l', 'glibc-x86_64'].map((platform) => ({ platform, python: '3.11' }));
const sectionOf = (...cells: CoverageCell[][]) =>
  coverageSection(
    { machines, summary: [], rows: cells.map((row, place) => ({ version: `${9 - place}.0`, cells: row })) },
    new Words('en'),
  ).text;
const columnsOf = (text: string) => [...text.matchAll(/scope="colgroup"[^>]*>([^<]*)/g)].map(([, name]) => name);

test('coverageSection() leaves a platform out of the table that no version has anything for, and names it', () => {
  const text = sectionOf([{ state: 'missing' }, { state: 'wheel' }], [{ state: 'missing' }, { state: 'sdist' }]);
  expect(columnsOf(text)).toEqual(['glibc-x86_64']);
  expect(text).toContain('There is nothing for glibc-armv7l.');
});

test.each<[string, CoverageCell[]]>([
  ['each has something', [{ state: 'held' }, { state: 'wheel' }]],
  ['nothing is there at all', [{ state: 'missing' }, { state: 'missing' }]],
])('coverageSection() shows all platforms where %s', (_what, cells) => {
  const text = sectionOf(cells);
  expect(columnsOf(text)).toEqual(['glibc-armv7l', 'glibc-x86_64']);
  expect(text).not.toContain('Nothing is there for');
});

test('coverageSection() tells what its numbers are in people’s words, each once', () => {
  const text = sectionOf(
    [
      { state: 'wheel', glibcFloor: '2.31' },
      { state: 'wheel', glibcFloor: '2.17' },
    ],
    [
      { state: 'wheel', glibcFloor: '2.31' },
      { state: 'wheel', glibcFloor: '2.14' },
    ],
  );
  const numbers = [...text.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/gs)].map(([, number, systems = '']) => [
    number,
    systems.replace(/<\/li>/g, '; ').replace(/<[^>]*>/g, ''),
  ]);
  expect(numbers).toEqual([
    ['≥ 2.14, ≥ 2.17', 'Debian 8 and later; Ubuntu 13.04 and later; RHEL/CentOS 7 and later; '],
    ['≥ 2.31', 'Debian 11 and later; Ubuntu 20.04 and later; RHEL/AlmaLinux/Rocky Linux 9 and later; '],
  ]);
});

test('coverageSection() has a word for each cell, though it shows a sign', () => {
  const text = sectionOf(
    [{ state: 'wheel' }, { state: 'missing' }],
    [{ state: 'sdist' }, { state: 'wheel', glibcFloor: '2.28' }],
  );
  const cells = [...text.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell = '']) =>
    cell.replace(/<[^>]*>/g, ' ').trim(),
  );
  expect(cells.map((cell) => cell.replace(/\s+/g, ' '))).toEqual(['✓ wheel', '– missing', 'source', 'wheel ≥ 2.28']);
});
