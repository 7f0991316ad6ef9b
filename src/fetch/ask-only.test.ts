import { expect, test } from 'vitest';
import type { NameOrigin } from '../names/judge-name.ts';
import { normalizeName } from '../standards/name.ts';
import { askOnly } from './ask-only.ts';

const ORIGINS: Record<string, NameOrigin> = {
  secret: { is: 'own', by: 'kho.toml' },
  farm: { is: 'own', by: 'files' },
  barn: { is: 'own', by: 'files' },
  numpy: { is: 'shared', by: 'decision' },
};

test('askOnly() asks for no own name, and tells of those that nobody has decided', async () => {
  const asked: string[] = [];
  const source = askOnly(
    {
      candidates: async (name) => {
        asked.push(name);
        return [];
      },
      metadata: async () => undefined,
    },
    { originOf: (name) => ORIGINS[name] ?? { is: 'upstream' }, remembered: [] },
  );
  for (const name of ['secret', 'farm', 'farm', 'numpy', 'other', 'barn'])
    expect(await source.candidates(normalizeName(name))).toEqual([]);
  expect(asked).toEqual(['numpy', 'other']);
  expect(source.undecided()).toEqual(['barn', 'farm']);
});
