/** Forms as no client in the tests sends them: each is read as it is meant, or refused, and nothing is written elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename, wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { type ServedUploads, serveUploads, temporaries, until } from '../../test/support/served-uploads.ts';

const NAME = { name: 'foo', version: '1.0' };
const FILE = wheelFilename(NAME);

const DISPOSITION = `form-data; name="content"; filename="${FILE}"`;
const FIELDS = [
  ['Content-Disposition: form-data; name=":action"', 'file_upload'],
  ['Content-Disposition: form-data; name="protocol_version"', '1'],
] as const;

type Part = readonly [head: string, value: string | Uint8Array];

interface OddForm {
  boundary?: string;
  type?: string;
  parts?: (content: Part) => readonly Part[];
  disposition?: string;
  before?: string;
  after?: string;
  /** Behind each boundary. */
  padding?: string;
  end?: string;
  line?: string;
}

function bodyOf(content: Uint8Array, form: OddForm): { body: Buffer; type: string } {
  const { boundary = 'b', parts = (part) => [...FIELDS, part], disposition = DISPOSITION } = form;
  const { before = '', after = '', padding = '', line = '\r\n' } = form;
  const pieces: Uint8Array[] = [Buffer.from(before)];
  for (const [head, value] of parts([`Content-Disposition: ${disposition}`, content])) {
    pieces.push(Buffer.from(`--${boundary}${padding}${line}${head}${line}${line}`, 'latin1'));
    pieces.push(typeof value === 'string' ? Buffer.from(value) : value, Buffer.from(line));
  }
  pieces.push(Buffer.from(form.end ?? `--${boundary}--${padding}${line}`), Buffer.from(after));
  return { body: Buffer.concat(pieces), type: form.type ?? `multipart/form-data; boundary=${boundary}` };
}

const FULL_WIDTH = "'()+_,-./:=?".padEnd(70, 'x');

const READ: [string, OddForm][] = [
  ['the file first', { parts: (part) => [part, ...FIELDS] }],
  ['the file in the middle', { parts: (part) => [FIELDS[0], part, FIELDS[1]] }],
  ['nothing but the file', { parts: (part) => [part] }],
  ['fields twice', { parts: (part) => [...FIELDS, ...FIELDS, part] }],
  ['a boundary in quotes', { type: 'multipart/form-data; boundary="b"' }],
  ['a boundary with parameters around it', { type: 'Multipart/Form-Data; charset=utf-8; Boundary=b; x=y' }],
  [
    'a boundary of 70 signs of all kinds',
    { boundary: FULL_WIDTH, type: `multipart/form-data; boundary="${FULL_WIDTH}"` },
  ],
  ['a boundary of dashes', { boundary: '------------' }],
  ['an empty line before', { before: '\r\n' }],
  ['a preamble and an epilogue', { before: 'not for you\r\n', after: 'nor this\r\n--b\r\n' }],
  ['no line break at the end', { end: '--b--' }],
  ['the name behind the filename', { disposition: `form-data; filename="${FILE}"; name="content"` }],
  ['names without quotes', { disposition: `form-data; name=content; filename=${FILE}` }],
  ['a filename in UTF-8 (RFC 2231)', { disposition: `form-data; name="content"; filename*=UTF-8''${FILE}` }],
  ['headers of many kinds', { disposition: `${DISPOSITION}\r\nContent-Transfer-Encoding: binary\r\nX-Y: z` }],
  [
    'headers in small letters',
    { parts: ([head, value]) => [[head.toLowerCase().replace('form-data', 'Form-Data'), value]] },
  ],
  ['a filename with folders', { disposition: `form-data; name="content"; filename="dist/sub/${FILE}"` }],
  ['a filename with folders of Windows', { disposition: `form-data; name="content"; filename="C:\\dist\\${FILE}"` }],
  ['a filename that climbs', { disposition: `form-data; name="content"; filename="../../../${FILE}"` }],
  ['a filename from the root', { disposition: `form-data; name="content"; filename="/etc/${FILE}"` }],
];

const REFUSED: [string, OddForm][] = [
  ['no boundary in the head', { type: 'multipart/form-data; x=b' }],
  ['an empty boundary', { type: 'multipart/form-data; boundary=' }],
  ['another boundary in the head', { type: 'multipart/form-data; boundary=c' }],
  ['no end', { end: '' }],
  ['an end that is cut', { end: '--b-' }],
  ['lines that end in LF', { line: '\n' }],
  ['a part without a name', { disposition: `form-data; filename="${FILE}"` }],
  ['a part that is no form-data', { disposition: `attachment; name="content"; filename="${FILE}"` }],
  ['a file without a name', { disposition: 'form-data; name="content"; filename=""' }],
  ['a name that is a folder', { disposition: `form-data; name="content"; filename="${FILE}/"` }],
  ['a name that climbs, escaped', { disposition: `form-data; name="content"; filename="..%2f..%2f${FILE}"` }],
  [
    'a name that climbs, escaped twice',
    { disposition: `form-data; name="content"; filename="%252e%252e%252f${FILE}"` },
  ],
  ['a name with NUL', { disposition: `form-data; name="content"; filename="${FILE}\0.txt"` }],
  [
    'a name with NUL before its end',
    { disposition: `form-data; name="content"; filename="foo\0-1.0-py3-none-any.whl"` },
  ],
  ['a hidden name', { disposition: `form-data; name="content"; filename=".${FILE}"` }],
  ['a name that is two dots', { disposition: 'form-data; name="content"; filename=".."' }],
  [
    'a name with a line break (RFC 2231)',
    { disposition: `form-data; name="content"; filename*=UTF-8''foo%0d%0a-1.0-py3-none-any.whl` },
  ],
  [
    'a name with signs that turn text round',
    { disposition: `form-data; name="content"; filename*=UTF-8''foo%E2%80%AE-1.0-py3-none-any.whl` },
  ],
  ['a name with a quote', { disposition: `form-data; name="content"; filename="foo\\"-1.0-py3-none-any.whl"` }],
  ['a name with a colon', { disposition: 'form-data; name="content"; filename="foo:-1.0-py3-none-any.whl"' }],
  [
    'a name of 300 signs',
    { disposition: `form-data; name="content"; filename="${'f'.repeat(280)}-1.0-py3-none-any.whl"` },
  ],
  ['a side-file of another one', { disposition: `form-data; name="content"; filename="${FILE}.yanked"` }],
  ['kho.toml', { disposition: 'form-data; name="content"; filename="kho.toml"' }],
];

async function send({ url, token }: ServedUploads, form: OddForm, content: Uint8Array) {
  const { body, type } = bodyOf(content, form);
  const authorization = `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`;
  const headers = { 'content-type': type, authorization };
  const response = await fetch(`${url}/glibc/upload/`, { method: 'POST', body: new Uint8Array(body), headers });
  return { status: response.status, text: await response.text() };
}

const packages = ({ site }: ServedUploads) => readdirSync(join(site.root, 'glibc/packages'));

test('forms of all orders and spellings are read as they are meant', async () => {
  const served = await serveUploads('[repositories.glibc]\noverwrite = true\n');
  const secret = await served.tokenFor({ rights: ['upload', 'new', 'replace'] });
  for (const [index, [what, form]] of READ.entries()) {
    const wheel = makeWheel({ ...NAME, members: { 'foo/n.py': String(index) } });
    expect([what, await send({ ...served, token: secret }, form, wheel)]).toEqual([
      what,
      { status: 200, text: expect.stringContaining(`${FILE} is published in glibc`) },
    ]);
    expect(readFileSync(join(served.site.root, 'glibc/packages', FILE))).toEqual(Buffer.from(wheel));
  }
}, 60_000);

test('content that looks like a boundary is content', async () => {
  const served = await serveUploads();
  for (const [index, text] of ['\r\n--b', '--b\r\n', '\r\n--bb\r\n\r\n', '\r\n--', '\r\n-\r\n'].entries()) {
    const spec = { name: 'foo', version: `${index}`, members: { 'a.txt': text, 'z.txt': `\r\n${text}` } };
    const wheel = makeZip(wheelMembers(spec).map(({ path, bytes }) => ({ path, bytes: bytes ?? '' })));
    expect(Buffer.from(wheel).includes(text)).toBe(true);
    const disposition = DISPOSITION.replace(FILE, wheelFilename(spec));
    expect(await send(served, { boundary: 'bbb', disposition }, wheel)).toMatchObject({ status: 200 });
    expect(readFileSync(join(served.site.root, 'glibc/packages', wheelFilename(spec)))).toEqual(Buffer.from(wheel));
  }
});

test('forms that are malformed, and names that lead elsewhere, are refused, and nothing of them stays', async () => {
  const served = await serveUploads();
  const { site } = served;
  const around = () => [readdirSync(site.root).filter((name) => name !== '.kho-keep'), packages(served)];
  const before = around();
  const wheel = makeWheel(NAME);
  for (const [what, form] of REFUSED) {
    const { status, text } = await send(served, form, wheel);
    expect([what, status, text]).toEqual([what, 400, expect.stringMatching(/\S.*\n$/s)]);
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f]/);
  }
  await until(() => temporaries(site).length === 0);
  expect(around()).toEqual(before);
  expect(existsSync(join(site.root, '..', FILE))).toBe(false);
}, 60_000);
