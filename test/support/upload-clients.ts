/** The clients that people publish with, each as one types it, and what it says of each answer. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import type { Client } from './client.ts';
import type { Run } from './run-program.ts';
import { venvProgram } from './tools.ts';

export interface ClientUpload {
  client: Client;
  /** A project with a `dist/`. */
  folder: string;
  name: string;
  file: string;
  to: string;
  token: string;
}

export interface UploadClient {
  /** Publishes the one file in `dist/`. */
  publish(upload: ClientUpload): Promise<Run>;
  /** Builds what it publishes by itself: always for any machine. */
  builds?: true;
  /** On its terminal, of each kind of answer, where that is not kho's own first sentence. */
  says?: { accepted?: RegExp; again?: RegExp; bad?: RegExp; forbidden?: RegExp; unknown?: RegExp };
}

export const UPLOAD_CLIENTS: Record<string, UploadClient> = {
  twine: {
    publish: ({ client, file, to, token }) => {
      const args = ['upload', '--non-interactive', '--disable-progress-bar', '--repository-url', to];
      return client.tryToRun(venvProgram('twine', 'twine'), [...args, '-u', '__token__', '-p', token, file]);
    },
    says: { accepted: /Uploading \S+\.whl/ },
  },
  uv: {
    publish: ({ client, file, to, token }) =>
      client.tryToRun(venvProgram('uv', 'uv'), ['publish', '--publish-url', to, '--token', token, file]),
    says: { accepted: /Uploading \S+\.whl/ },
  },
  Poetry: {
    publish: async ({ client, folder, to, token }) => {
      const poetry = venvProgram('poetry', 'poetry');
      await client.run(poetry, ['-C', folder, 'config', '--local', 'repositories.kho', to]);
      return client.tryToRun(poetry, ['-C', folder, 'publish', '-n', '-r', 'kho', '-u', '__token__', '-p', token]);
    },
    says: { accepted: /Uploading \S+\.whl/ },
  },
  PDM: {
    publish: ({ client, folder, to, token }) => {
      const args = ['publish', '-p', folder, '--no-build', '--repository', to];
      return client.tryToRun(venvProgram('pdm', 'pdm'), [...args, '--username', '__token__', '--password', token]);
    },
    // This version keeps the words of an answer to itself.
    says: { accepted: /Uploading \S+\.whl/, bad: /error '400 /, forbidden: /error '403 /, unknown: /error '401 / },
  },
  Hatch: {
    publish: ({ client, file, to, token }) =>
      client.tryToRun(venvProgram('uploaders', 'hatch'), [
        ...['--no-color', 'publish', '--no-prompt', '--repo', to, '--user', '__token__', '--auth', token, file],
      ]),
    says: { accepted: /\.whl \.\.\. success/ },
  },
  Flit: {
    publish: ({ client, folder, to, token }) =>
      client.tryToRun('env', [
        ...[
          `FLIT_INDEX_URL=${to}`,
          'FLIT_USERNAME=__token__',
          `FLIT_PASSWORD=${token}`,
          'SOURCE_DATE_EPOCH=1700000000',
        ],
        ...[venvProgram('uploaders', 'flit'), '-f', join(folder, 'pyproject.toml'), 'publish', '--format', 'wheel'],
      ]),
    builds: true,
    says: { accepted: /Package is at/ },
  },
  maturin: {
    publish: ({ client, file, to, token }) =>
      client.tryToRun(venvProgram('uploaders', 'maturin'), [
        ...['upload', '--non-interactive', '--repository-url', to, '-u', '__token__', '-p', token, file],
      ]),
    says: { accepted: /Packages uploaded successfully/, forbidden: /Username and\/or password are wrong/ },
  },
  curl: {
    publish: ({ client, file, to, token }) =>
      client.tryToRun('curl', [
        ...['-sS', '--fail-with-body', '-u', `__token__:${token}`, '-F', `content=@${file}`, to],
      ]),
    says: { accepted: /is published in glibc/, again: /was already there in glibc, with the same bytes/ },
  },
  distutils: { publish: ({ file, to, token }) => publishAsDistutils(file, to, token), says: { accepted: /\(200\)/ } },
};

/**
 * What `python setup.py upload` of Python 3.11 and before sends: a line break before the first boundary, the file in the middle, no type for it.
 * Anything but 200 is a failure.
 *
 * Source: distutils/command/upload.py.
 */
async function publishAsDistutils(file: string, to: string, token: string): Promise<Run> {
  const content = readFileSync(file);
  const [name = '', version = ''] = basename(file).split('-');
  const hash = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
  const fields: [string, string | Buffer][] = [
    [':action', 'file_upload'],
    ['protocol_version', '1'],
    ['name', name],
    ['version', version],
    ['content', content],
    ['filetype', 'bdist_wheel'],
    ['pyversion', 'py3'],
    ['md5_digest', hash('md5')],
    ['sha256_digest', hash('sha256')],
    ['blake2_256_digest', '0'.repeat(64)], // compared by nobody
    ['metadata_version', '1.0'],
    ...['summary', 'home_page', 'author', 'author_email', 'license', 'description', 'keywords', 'platform'].map(
      (field): [string, string] => [field, 'UNKNOWN'],
    ),
    ['comment', ''],
  ];
  const boundary = '--------------GHSKFJDLGDS7543FJKLFHRE75642756743254';
  const pieces = fields.flatMap(([field, value]) => {
    const filename = field === 'content' ? `; filename="${basename(file)}"` : '';
    const head = `\r\n--${boundary}\r\nContent-Disposition: form-data; name="${field}"${filename}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value)];
  });
  const body = Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const { status, reason } = await new Promise<{ status: number; reason: string }>((resolve, reject) => {
    const posted = request(to, {
      method: 'POST',
      headers: {
        'Accept-Encoding': 'identity',
        'User-Agent': 'Python-urllib/3.11',
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
        'Content-Length': body.length,
        Authorization: `Basic ${Buffer.from(`__token__:${token}`).toString('base64')}`,
        Connection: 'close',
      },
    });
    posted.on('error', reject).on('response', (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? '' });
      });
    });
    posted.end(body);
  });
  if (status === 200) return { exitCode: 0, stdout: `Server response (${status}): ${reason}`, stderr: '' };
  return { exitCode: 1, stdout: '', stderr: `error: Upload failed (${status}): ${reason}` };
}

/** A project with one file to publish. @param text makes other bytes of it */
export async function writeProject(
  client: Client,
  { name, file, wheel, text }: { name: string; file: string; wheel: Uint8Array; text: string },
): Promise<{ folder: string; file: string }> {
  const module = name.replaceAll('-', '_');
  const folder = await client.project({
    'pyproject.toml':
      `[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n` +
      `[project]\nname = "${name}"\nversion = "1.0"\ndescription = "x"\nrequires-python = ">=3.8"\n` +
      `authors = [{name = "a", email = "a@example.org"}]\n` +
      `[tool.flit.module]\nname = "${module}"\n[tool.poetry]\npackages = []\n`,
    [`${module}.py`]: `"""${text}"""\n`,
  });
  await mkdir(join(folder, 'dist'));
  const path = join(folder, 'dist', file);
  await writeFile(path, wheel);
  return { folder, file: path };
}
