import { expect, test } from 'vitest';
import type { IndexedFile, Release } from '../../catalog/model.ts';
import { runsSection } from './runs-section.ts';
import { Words } from './words.ts';

const textOf = (tags: readonly string[], language: 'en' | 'vi' = 'en', yanked?: string) => {
  const files = tags.map((each) => ({ kind: 'wheel', filename: `foo-1.0-${each}.whl`, yanked }) as IndexedFile);
  return runsSection({ files } as unknown as Release, new Words(language))
    .text.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
};

test('runsSection() says systems by name, and the number beside them', () => {
  const text = textOf(['cp311-cp311-manylinux_2_28_x86_64', 'cp311-cp311-musllinux_1_2_x86_64']);
  expect(text).toContain('Linux x86_64 Debian 10 and later Ubuntu 18.10 and later');
  expect(text).toContain('glibc 2.28 and later');
  expect(text).toContain('Alpine 3.13 and later musl 1.2 and later · Python 3.11');
  expect(textOf(['cp311-cp311-manylinux_2_28_x86_64'], 'vi')).toContain('Debian 10 trở lên');
});

test('runsSection() puts together machines of which the same is said, a small board too', () => {
  const text = textOf(['cp311-cp311-manylinux_2_28_x86_64', 'cp311-cp311-manylinux_2_28_aarch64']);
  expect(text).toContain('Linux aarch64, x86_64 Debian 10');
  expect(text.match(/Debian/g)).toHaveLength(1);
});

test('runsSection() names a machine once, where glibc and musl run on it', () => {
  const text = textOf(['cp311-cp311-manylinux_2_28_x86_64', 'cp311-cp311-musllinux_1_2_x86_64']);
  expect(text.match(/Linux x86_64/g)).toHaveLength(1);
});

test('runsSection() says the number where no distribution has it, and nothing where nothing tells it', () => {
  expect(textOf(['cp311-cp311-manylinux_2_99_x86_64'])).toContain('Linux x86_64 glibc 2.99 and later');
  expect(textOf(['cp311-cp311-linux_x86_64'])).toContain('neither its name nor its content tells');
});

test.each([
  ['pure wheels', ['py3-none-any'], undefined],
  ['what is yanked', ['cp311-cp311-manylinux_2_28_x86_64'], 'broken'],
])('runsSection() says nothing of %s', (_what, tags, yanked) => {
  expect(textOf(tags, 'en', yanked)).toBe('');
});
