import { expect, test } from 'vitest';
import { isUndecided, judgeName } from './judge-name.ts';
import type { RememberedName } from './own-names.ts';

const SEEN: RememberedName = { isSeen: true };

test.each<
  [
    what: string,
    settings: { own?: string[]; shared?: string[] },
    remembered: RememberedName | undefined,
    hasOwnFiles: boolean,
    expected: string,
  ]
>([
  ['nothing of it here', {}, undefined, false, 'upstream'],
  ['files of its own', {}, undefined, true, 'own by files'],
  ['files of its own once', {}, SEEN, false, 'own by files'],
  ['a pattern of kho.toml', { own: ['farm-*'] }, undefined, false, 'own by kho.toml'],
  ['a pattern that only begins like it', { own: ['farm'] }, undefined, false, 'upstream'],
  ['shared by kho.toml', { shared: ['farm-core'] }, SEEN, true, 'shared by kho.toml'],
  ['own and shared by kho.toml', { own: ['farm-*'], shared: ['farm-core'] }, SEEN, true, 'own by kho.toml'],
  ['decided own', {}, { isSeen: false, decided: 'own' }, false, 'own by decision'],
  ['decided shared', {}, { isSeen: true, decided: 'shared' }, true, 'shared by decision'],
  ['kho.toml against what was decided', { own: ['*'] }, { isSeen: true, decided: 'shared' }, true, 'own by kho.toml'],
])('judgeName() with %s', (_what, settings, remembered, hasOwnFiles, expected) => {
  const origin = judgeName('farm-core', settings, remembered, hasOwnFiles);
  expect(origin.is === 'upstream' ? origin.is : `${origin.is} by ${origin.by}`).toBe(expected);
  expect(isUndecided(origin)).toBe(expected === 'own by files');
});
