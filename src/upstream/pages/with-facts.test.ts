import { expect, test } from 'vitest';
import type { UpstreamFile } from '../../upstream-model.ts';
import type { ProjectFacts } from '../files/known-facts.ts';
import { withFacts } from './with-facts.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const NOTHING: ProjectFacts = { arrived: new Map(), wrong: new Map(), withoutMetadata: new Set() };
const FILE: UpstreamFile = { filename: 'foo-1.0.tar.gz', url: 'https://x/f', sha256: A, metadataSha256: A };
const arrived = (more: object) => ({
  ...NOTHING,
  arrived: new Map([[FILE.filename, { sha256: A, isHeld: false, isHere: true, ...more }]]),
});
const { sha256: _, ...UNHASHED } = FILE;
const { metadataSha256: __, ...UNPROMISED } = FILE;

test.each<[what: string, file: UpstreamFile, facts: ProjectFacts, expected: UpstreamFile[]]>([
  ['nobody asked for', FILE, NOTHING, [FILE]],
  ['has other metadata than was promised', FILE, arrived({ metadataSha256: B }), [{ ...FILE, metadataSha256: B }]],
  ['has metadata that nobody promised', UNPROMISED, arrived({ metadataSha256: B }), [{ ...FILE, metadataSha256: B }]],
  ['has no metadata after all', FILE, { ...NOTHING, withoutMetadata: new Set([FILE.filename]) }, [UNPROMISED]],
  ['has no hash, and came', UNHASHED, arrived({}), [FILE]],
  ['has no hash, and is gone again', UNHASHED, arrived({ isHere: false }), [UNHASHED]],
  ['is not what its name says', FILE, arrived({ isHeld: true }), []],
  ['has other bytes by now than the one that was not', FILE, arrived({ sha256: B, isHeld: true }), [FILE]],
  ['never came right', FILE, { ...NOTHING, wrong: new Map([[FILE.filename, A]]) }, []],
  [
    'has another hash than the one that never came right',
    FILE,
    { ...NOTHING, wrong: new Map([[FILE.filename, B]]) },
    [FILE],
  ],
])('withFacts() of a file that %s', (_what, file, facts, expected) => {
  expect(withFacts([file], facts)).toEqual(expected);
});
