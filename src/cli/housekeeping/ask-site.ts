/** `--at URL`: asks a served site to do what a command does, in the place of a folder of this machine. */
import type { ChangeAction, WantedChange } from '../../changes/change-order.ts';
import { KhoError } from '../../errors.ts';
import { quoted } from '../../standards/quoted.ts';
import type { HousekeepingOptions, RemoteOptions } from './options.ts';

export interface RemoteResult {
  files: { file: string; became?: 'yanked' | 'unyanked' | 'same'; to?: string; from?: string; size?: number }[];
  notes: string[];
  published: boolean;
}

/** The variable that holds the token: words of a command line can be read by all users of a machine. */
const TOKEN_VARIABLE = 'KHO_TOKEN';

/**
 * @throws {KhoError} USAGE for what the site refuses; UPSTREAM for one that cannot be asked
 */
export async function askSite(
  options: RemoteOptions,
  action: ChangeAction,
  wanted: WantedChange,
): Promise<RemoteResult> {
  const url = addressOf(options, action);
  const token = process.env[TOKEN_VARIABLE];
  const authorization = token ? `Basic ${Buffer.from(`__token__:${token.trim()}`).toString('base64')}` : undefined;
  const { HttpClient, Unreachable } = await import('../../fetch/http-client.ts');
  const client = new HttpClient();
  try {
    const { status, text } = await client.post(url, JSON.stringify(wanted), authorization);
    const answer = jsonOf(text);
    if (status === 200 && Array.isArray(answer['files'])) return answer as unknown as RemoteResult;
    throw refusalOf(url, action, status, answer);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new KhoError('UPSTREAM', `Cannot ${action}: ${error.message}`, { hint: 'look whether the address is right' });
  } finally {
    await client.close();
  }
}

/** @throws {KhoError} USAGE: a token is sent to no address that others could read it at */
function addressOf({ at = '', allowHttp }: RemoteOptions, action: ChangeAction): URL {
  const url = URL.canParse(at) ? new URL(at) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new KhoError('USAGE', `Cannot ask ${quoted(at)}: it is no address of a site`, {
      hint: 'write it like https://packages.example.org',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new KhoError('USAGE', 'Cannot use an address with a name and password in it: others can read it there', {
      hint: `put the token into ${TOKEN_VARIABLE}, or into .netrc`,
    });
  }
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLocal && !allowHttp) {
    throw new KhoError('USAGE', `Cannot send a token to ${quoted(at)}: whoever is on the way could read it`, {
      hint: 'use the https address of the site; or say --allow-http, where nobody else is on the way and its kho.toml has upload.allow_http',
    });
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new URL(`-/${action}`, url);
}

function refusalOf(url: URL, action: string, status: number, { detail, hint }: Record<string, unknown>): KhoError {
  if (typeof detail !== 'string') {
    return new KhoError('UPSTREAM', `Cannot ${action} at ${url.origin}: it answers ${status}, and not as kho does`, {
      hint: 'kho serve takes changes where kho.toml has [upload] enabled = true, and the web server before it passes on what is posted',
    });
  }
  const [what = '', todo] = detail.split('What to do: ', 2);
  const said = what.trimEnd().replace(/\.$/, '');
  const way = typeof hint === 'string' ? hint : todo;
  const where = status === 401 ? `${way ?? 'it needs a token'}; kho takes it from ${TOKEN_VARIABLE}, or .netrc` : way;
  const code = status >= 500 ? 'UPSTREAM' : 'USAGE';
  return new KhoError(code, `Cannot ${action} at ${url.origin}: ${said}`, where === undefined ? {} : { hint: where });
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** What `--at` does not go together with. @throws {KhoError} USAGE */
export function checkRemote({ site, build }: HousekeepingOptions): void {
  const other = site !== undefined ? '--site' : build ? undefined : '--no-build';
  if (other === undefined) return;
  throw new KhoError('USAGE', `Cannot use --at together with ${other}`, {
    hint: '--at asks a site that kho serves, which publishes at once',
  });
}
