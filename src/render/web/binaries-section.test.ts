import { expect, test } from 'vitest';
import type { BinaryFacts, Evidence } from '../../standards/platforms/binary-facts.ts';
import { binariesSection } from './binaries-section.ts';
import { Words } from './words.ts';

const FACTS: BinaryFacts = { libc: 'glibc', architectures: ['x86_64'], glibcFloor: '2.34', evidence: {} };

const textOf = (facts: BinaryFacts, language: 'en' | 'vi') =>
  binariesSection(facts, new Words(language))
    .text.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test.each<[Evidence['kind'], string, string, string]>([
  ['machine', 'x86_64', '_x.so is built for x86_64', '_x.so được dựng cho x86_64'],
  ['loader', '/lib/ld-musl.so', '_x.so asks for the loader /lib/ld-musl.so', '_x.so gọi trình nạp /lib/ld-musl.so'],
  ['needs', 'libc.so.6', '_x.so needs libc.so.6', '_x.so cần libc.so.6'],
  ['version', 'GLIBC_2.34', '_x.so needs GLIBC_2.34', '_x.so cần GLIBC_2.34'],
  ['suffix', 'linux-gnu', '_x.so is named for linux-gnu', 'tên của _x.so ghi linux-gnu'],
  ['relocations', 'DT_RELR', '_x.so has packed relocations (DT_RELR)', '_x.so dùng kiểu tái định vị nén (DT_RELR)'],
])('binariesSection() says in both languages what a member shows by %s', (kind, value, english, vietnamese) => {
  const facts = { ...FACTS, evidence: { glibcFloor: { kind, value, member: 'pkg/_x.so' } } };
  expect(textOf(facts, 'en')).toContain(english);
  expect(textOf(facts, 'vi')).toContain(vietnamese);
});

test('binariesSection() warns of what only one build of glibc has', () => {
  expect(textOf({ ...FACTS, privateGlibc: true }, 'en')).toContain('GLIBC_PRIVATE');
  expect(textOf({ ...FACTS, privateGlibc: true }, 'vi')).toContain('GLIBC_PRIVATE');
  expect(textOf(FACTS, 'en')).not.toContain('GLIBC_PRIVATE');
});
