/**
 * Names and passwords for other indexes, as pip and uv find them: in the address itself, in that of the index for all that lies on
 * its origin, in `.netrc`. None goes anywhere else.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type NetrcEntries, readNetrc } from './netrc.ts';

export class Credentials {
  readonly #environment: NodeJS.ProcessEnv;
  /** By origin, of addresses that had some in them. */
  readonly #byOrigin = new Map<string, string>();
  #netrc: NetrcEntries | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** For all of its origin, from now on. */
  remember(url: URL): void {
    const found = ofAddress(url);
    if (found !== undefined) this.#byOrigin.set(url.origin, found);
  }

  /** The header for a request to `url`: empty when nothing is known for it. */
  headerFor(url: URL): Record<string, string> {
    const found = ofAddress(url) ?? this.#byOrigin.get(url.origin) ?? this.#ofNetrc(url.hostname);
    return found === undefined ? {} : { Authorization: `Basic ${Buffer.from(found).toString('base64')}` };
  }

  #ofNetrc(host: string): string | undefined {
    this.#netrc ??= readNetrcFiles(this.#environment);
    const entry = this.#netrc.get(host) ?? this.#netrc.get('');
    return entry && `${entry.login}:${entry.password}`;
  }
}

/** `name:password`; one of the two may be empty. */
function ofAddress({ username, password }: URL): string | undefined {
  return username === '' && password === '' ? undefined : `${decoded(username)}:${decoded(password)}`;
}

/** Decodes `%41`; a text with a `%` that is no such code is returned unchanged. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}

function readNetrcFiles(environment: NodeJS.ProcessEnv): NetrcEntries {
  const home = environment['HOME'] ?? homedir();
  const named = environment['NETRC'];
  for (const path of named ? [named] : [join(home, '.netrc'), join(home, '_netrc')]) {
    try {
      return readNetrc(readFileSync(path, 'utf8'));
    } catch {
      // Not there: as if it were empty.
    }
  }
  return new Map();
}
