import { expect, test } from 'vitest';
import { makeZip, type ZipMember } from '../../../test/support/make-zip.ts';
import { memorySource } from '../../formats/byte-source.ts';
import { readZipDirectory } from '../../formats/zip.ts';
import { readRawEntries } from '../../formats/zip-raw-entries.ts';
import { bytesToCross, planAssembly } from './assembly-plan.ts';
import type { OlderMember } from './older-members.ts';

interface Far {
  /** In front of the directory, so many bytes were read with it. In bytes. */
  readBefore?: number;
  /** Entries of the directory in the order of their names. */
  isSorted?: boolean;
}

/** The pieces of a zip of these members, as `here NAME` and `hole BYTES`; members that are called `new…` are not here. */
async function plan(members: ZipMember[], { readBefore = 0, isSorted = false }: Far = {}) {
  const bytes = makeZip(members);
  const source = memorySource(bytes);
  const entries = await readZipDirectory(source);
  const raws = await readRawEntries(source, entries.length);
  const directory = entries.reduce((last, { end }) => Math.max(last, end), 0);
  const from = directory - readBefore;
  const order = entries.map((_, index) => index);
  if (isSorted) order.sort((a, b) => ((entries[a]?.path ?? '') < (entries[b]?.path ?? '') ? -1 : 1));
  const pieces = planAssembly(
    {
      entries: order.flatMap((index) => entries[index] ?? []),
      raws: order.flatMap((index) => raws[index] ?? []),
      end: { from, bytes: Buffer.from(bytes.subarray(from)) },
    },
    (entry) => (entry.path.startsWith('new') ? undefined : ({ entry } as OlderMember)),
  );
  for (const [index, piece] of pieces.entries()) expect(piece.from).toBe(pieces[index - 1]?.to ?? 0);
  for (const { here, from: start } of pieces)
    if (here) expect(here.header).toEqual(bytes.subarray(start, start + here.header.length));
  return {
    pieces,
    shown: pieces.map(({ from: start, to, here }) => (here ? `here ${here.member.entry.path}` : `hole ${to - start}`)),
  };
}

/** With its header, and its name of three letters, it takes 33 bytes more. */
const member = (path: string, bytes: number, more: Partial<ZipMember> = {}): ZipMember => ({
  ...{ path, bytes: Buffer.alloc(bytes, path) },
  ...more,
});
const IN_FRONT = 33;

test.each<[what: string, members: ZipMember[], far: Far, expected: string[]]>([
  ['all that is here', [member('old', 9), member('two', 9)], {}, ['here old', 'here two']],
  ['what is not', [member('new', 9), member('old', 9)], {}, [`hole ${9 + IN_FRONT}`, 'here old']],
  ['several that are not', [member('new', 9), member('new', 9)], {}, [`hole ${2 * (9 + IN_FRONT)}`]],
  [
    'a longer one between two',
    [member('new', 9), member('old', 4000), member('new', 9)],
    {},
    ['hole 42', 'here old', 'hole 42'],
  ],
  ['a short one between two', [member('new', 9), member('old', 99), member('new', 9)], {}, ['hole 216']],
  [
    'two that are short together',
    [member('new', 9), member('old', 9), member('two', 9), member('new', 9)],
    {},
    ['hole 168'],
  ],
  [
    'a short one at an end',
    [member('old', 9), member('new', 9), member('two', 9)],
    {},
    ['here old', 'hole 42', 'here two'],
  ],
  ['bytes between', [member('old', 9), member('two', 9, { before: Buffer.alloc(7) })], {}, ['hole 49', 'here two']],
  [
    'one with another header than the directory tells',
    [member('old', 9, { localExtra: Buffer.alloc(4) }), member('two', 4000)],
    {},
    ['hole 46', 'here two'],
  ],
  ['what came with the directory', [member('old', 9), member('new', 99)], { readBefore: 50 }, ['here old', 'hole 82']],
  ['what begins there', [member('old', 9), member('new', 9)], { readBefore: 42 }, ['here old']],
  ['a directory in another order', [member('new', 9), member('a', 9)], { isSorted: true }, ['hole 42', 'here a']],
  ['nothing', [], {}, []],
])('planAssembly() of %s', async (_what, members, far, expected) => {
  const { shown } = await plan(members, far);
  expect(shown).toEqual(expected);
});

test.each([
  [2047 - IN_FRONT, 1],
  [2048 - IN_FRONT, 3],
])('planAssembly() asks once for what has %d bytes between: %d pieces', async (bytes, pieces) => {
  expect((await plan([member('new', 9), member('old', bytes), member('new', 9)])).shown).toHaveLength(pieces);
});

test('planAssembly() asks for no more than 64 holes: what is shortest between two comes with them', async () => {
  const members = Array.from({ length: 70 }, (_, index) => [
    member('new', 9),
    member('old', 3000 + ((index * 31) % 70)),
  ]);
  const { shown } = await plan([...members.flat(), member('new', 9)]);
  const holes = shown.filter((piece) => piece.startsWith('hole')).map((piece) => Number(piece.slice(5)));
  expect(holes).toHaveLength(64);
  const joined = holes.filter((bytes) => bytes > 9 + IN_FRONT);
  expect(joined.reduce((sum, bytes) => sum + bytes, 0)).toBe(
    7 * (3000 + IN_FRONT) + 21 + (7 + joined.length) * (9 + IN_FRONT),
  );
});

test('bytesToCross() counts what is neither here nor there already', async () => {
  const { pieces } = await plan([member('new', 9), member('old', 4000), member('new', 9)]);
  expect([0, 40, 42, 100, 4075, 4076, 9999].map((have) => bytesToCross(pieces, have))).toEqual([
    84, 44, 42, 42, 42, 41, 0,
  ]);
});
