/** To upload is not to read: no answer to a token without `read` names a private repository, or tells what is in it. */
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { serveUploads } from '../../test/support/served-uploads.ts';
import { uploadForm } from '../../test/support/upload-form.ts';
import type { Right } from '../access/token.ts';

const SETTINGS = `
[repositories.abyss]
private = true
platforms = ["musl-x86_64"]
[repositories.open]
platforms = ["glibc-x86_64"]
[repositories.vault]
private = true
`;
const MUSL = { name: 'farm', version: '1.0', tag: 'cp311-cp311-musllinux_1_2_x86_64' };
const ARM = { name: 'farm', version: '1.0', tag: 'cp311-cp311-manylinux_2_28_aarch64' };
const PURE = { name: 'farm', version: '1.0' };
const KNOWN = { name: 'secret-thing', version: '1.0' };
const OTHER = { ...KNOWN, members: { 'x.py': '1' } };

test.each<
  [
    string,
    string,
    object & { name: string; version: string },
    Partial<Record<'rights' | 'repositories', string[]>>,
    RegExp,
  ]
>([
  ['for a platform of a private one', '/open/', MUSL, {}, /^4.*is for musl-x86_64, and "open" is for glibc/],
  ['that could go to several', '/', PURE, {}, /^200 /],
  ['for none', '/', ARM, {}, /^200 farm-1.0-cp311-cp311-manylinux_2_28_aarch64.whl is published\.\n/],
  ['to a private one that it may not read', '/vault/', PURE, {}, /^200 .*is published in vault/],
  [
    'whose bytes are others there',
    '/vault/',
    OTHER,
    {},
    /^400 File already exists: secret_thing.*\. This one has sha256/,
  ],
  ['of a project that only a private one has', '/open/', KNOWN, { rights: ['upload'] }, /^403 .*new to this site/],
  [
    'for another repository',
    '/',
    MUSL,
    { repositories: ['open'] },
    /^403 The token "t1" is not for where this belongs/,
  ],
  ['at no address', '/nowhere/', PURE, {}, /^404 .*\/open\/upload\/$/],
])('an upload %s', async (_what, path, wheel, token, words) => {
  const { post, tokenFor } = await serveUploads(SETTINGS, (site) => {
    for (const name of ['abyss', 'open']) site.put(`${name}/packages/README`, '');
    site.wheel('vault', KNOWN);
  });
  const secret = await tokenFor(token as { rights?: Right[] });
  const bytes = makeWheel(wheel);
  const told = await post(path, uploadForm.of(wheelFilename(wheel), bytes), uploadForm.authorization(secret));
  const answer = `${told.status} ${told.text}`.trim();
  expect(answer).toMatch(words);
  const named = path === '/vault/' ? answer.replaceAll('vault', '') : answer;
  expect(named).not.toMatch(/abyss|vault/);
  const reader = await tokenFor({ rights: ['upload', 'new', 'read'] });
  const again = await post(path, uploadForm.of(wheelFilename(wheel), bytes), uploadForm.authorization(reader));
  if (wheel === OTHER) expect(again.text).toContain('There is vault/packages/secret_thing');
  if (wheel === MUSL && path === '/open/') expect(again.text).toContain('upload it to abyss/upload/');
});
