/** Each installer in the shortest way that it has: one private package, which brings two more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './client.ts';
import { venvProgram } from './tools.ts';

export const INSTALLERS = ['pip', 'uv', 'poetry', 'pdm'] as const;
export type Installer = (typeof INSTALLERS)[number];

/** Environments with pips that know no JSON, and with one of the first that do. */
export const OLD_PIPS = ['pip-20.3.4', 'pip-22.3.1'] as const;
type OldPip = (typeof OLD_PIPS)[number];

const isOldPip = (installer: string): installer is OldPip => OLD_PIPS.some((each) => each === installer);

/** What `acme-app` of `buildClientSite` brings. */
export const EXPECTED = { 'acme-app': '1.0', 'acme-core': '1.2.0', 'acme-util': '1.0+vn.1' };

/**
 * Install `acme-app` into an environment of its own.
 *
 * @param ca who signed the certificate of the server, a file in PEM
 * @returns what is installed then: name → version
 */
export async function installWith(
  installer: Installer | OldPip,
  index: string,
  ca?: string,
): Promise<Record<string, string>> {
  const client = new Client({
    ...(ca !== undefined && { PIP_CERT: ca, SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca }),
    POETRY_VIRTUALENVS_IN_PROJECT: 'true',
    POETRY_NO_INTERACTION: '1',
  });
  if (installer === 'pip' || isOldPip(installer)) {
    const python = await client.copyVenv(installer === 'pip' ? 'pip-latest' : installer);
    await client.run(python, ['-m', 'pip', 'install', '-i', index, 'acme-app']);
    return client.installed(python);
  }
  if (installer === 'uv') {
    const python = await client.makeVenv('uv');
    const words = ['pip', 'install', '--python', python, '--default-index', index, 'acme-app'];
    await client.run(venvProgram('uv', 'uv'), words);
    return client.installed(python);
  }
  const base = venvProgram(installer, 'python');
  const folder = await client.project({
    'pyproject.toml': project(await client.pythonVersion(base), installer, index),
  });
  const run = (...words: string[]) => client.run(venvProgram(installer, installer), words, { cwd: folder });
  if (installer === 'pdm') {
    const python = await client.makeVenv('pdm');
    await run('use', python);
    await run('lock');
    await run('sync', '--no-self');
    return client.installed(python);
  }
  await run('lock');
  await run('install', '--no-root');
  const lock = readFileSync(join(folder, 'poetry.lock'), 'utf8');
  if (!lock.includes(index.replace(/\/$/, ''))) throw new Error(`Poetry did not lock from ${index}:\n${lock}`);
  return client.installed(join(folder, '.venv', 'bin', 'python'));
}

function project(python: string, installer: Installer, index: string): string {
  const source =
    installer === 'poetry'
      ? `[[tool.poetry.source]]\nname = "kho"\nurl = "${index}"\npriority = "primary"\n`
      : `[[tool.pdm.source]]\nname = "pypi"\nurl = "${index}"\nverify_ssl = true\n`;
  return `[project]
name = "consumer"
version = "1"
requires-python = ">=${python}"
dependencies = ["acme-app"]

[tool.poetry]
package-mode = false

${source}`;
}
