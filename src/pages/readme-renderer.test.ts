import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import { ReadmeRenderer } from './readme-renderer.ts';

const OPTIONS = { topHeading: 3, remoteImages: false };
const says = (description?: string) => ({ description, descriptionContentType: 'text/markdown' }) as CoreMetadata;

test('render() gives what a package says of itself', async () => {
  const renderer = new ReadmeRenderer(OPTIONS);
  expect((await renderer.render(says('*a*')))?.html).toBe('<p><em>a</em></p>\n');
  expect(await renderer.render(says())).toBeUndefined();
});

test.each([
  ['emphasis', '*a_ '.repeat(60_000)],
  ['brackets', '['.repeat(200_000)],
  ['images', '!['.repeat(100_000)],
  ['code', 'a`'.repeat(100_000)],
  ['headings', '# a\n'.repeat(60_000)],
])('render() shows a description that takes too long as plain text: %s', async (_what, text) => {
  const renderer = new ReadmeRenderer(OPTIONS, 50);
  await renderer.render(says('warm'));
  const act = async () => expect((await renderer.render(says(text)))?.kind).toBe('text');
  expect(await processorMs(act)).toBeLessThan(5000);
  expect((await new ReadmeRenderer(OPTIONS).render(says('*a*')))?.html).toBe('<p><em>a</em></p>\n');
});
