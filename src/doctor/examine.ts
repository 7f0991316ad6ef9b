/** Looks at a published site from outside, as clients do. */
import type { Check } from './check.ts';
import { FILE_CHECKS } from './file-checks.ts';
import { CHECKS, type CheckName, Fault, type Finding, NothingToSee } from './finding.ts';
import { hintFor, type ServerName, serverName } from './hints.ts';
import { PAGE_CHECKS } from './page-checks.ts';
import { type KnownRepositories, type Patient, samplePatient } from './patient.ts';
import { findIndex, findRepositories } from './read-index.ts';
import { UPLOAD_CHECKS } from './upload-checks.ts';
import { Visitor, type VisitorOptions } from './visitor.ts';

export interface Examination {
  /** The index that was found; the address as given when there is none. */
  url: string;
  server: ServerName;
  /** In the order of CHECKS. */
  findings: Finding[];
}

export interface ExaminationOptions extends VisitorOptions {
  /** How many projects to look at. */
  projects: number;
  /** Milliseconds since 1970. */
  now: number;
  /** It is a failure if uploads do not get through; else a site may do without. */
  takesUploads?: boolean;
  /** Of the site, as its folder tells. */
  known?: KnownRepositories;
}

/** Why all other checks are not made. */
export const NO_INDEX = 'no index was found';

/** Why most checks are not made. */
export const EMPTY_INDEX = 'it lists no projects yet';

/** Those that an index without projects can be looked at with. */
const OF_EMPTY: ReadonlySet<string> = new Set(['tls', 'unknown', 'slash', 'hidden', 'private', 'cors', 'uploads']);

/** A certificate that ends sooner has missed its renewal; in milliseconds. Let's Encrypt's are renewed with 30 days left. */
const RENEWED_BEFORE_MS = 14 * 24 * 3600 * 1000;

const ALL_CHECKS: Partial<Record<string, Check>> = { tls: checkTls, ...PAGE_CHECKS, ...FILE_CHECKS, ...UPLOAD_CHECKS };

/** @param address of a site, whose repositories are looked at one after the other; or what `examine` takes */
export async function examineAll(address: URL, options: ExaminationOptions): Promise<Examination[]> {
  let repositories: URL[] = [];
  try {
    const visitor = new Visitor(options);
    repositories = await findRepositories(visitor.logIn(address), visitor);
  } catch (error) {
    if (!(error instanceof Fault)) throw error; // that nothing answers is told below
  }
  const examinations: Examination[] = [];
  const asked = repositories.length > 0 ? repositories.map((url) => loggedIn(url, address)) : [address];
  for (const url of asked) examinations.push(await examine(url, options));
  return examinations;
}

/** With the name and password of another, where both are of one origin. */
function loggedIn(url: URL, { origin, username, password }: URL): URL {
  const copy = new URL(url);
  if (copy.origin === origin) Object.assign(copy, { username, password });
  return copy;
}

/** @param asked an index (`…/simple/`), or a repository; with name and password, where it wants them */
export async function examine(asked: URL, options: ExaminationOptions): Promise<Examination> {
  const visitor = new Visitor(options);
  const address = visitor.logIn(asked);
  let patient: Patient;
  try {
    const index = await findIndex(address, visitor);
    patient = await samplePatient(index, visitor, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const others = Object.keys(CHECKS).slice(1) as CheckName[];
    const unseen = others.map((check): Finding => ({ check, result: 'not looked at', what: NO_INDEX }));
    const hint = error.hint ?? hintFor('reachable', 'other');
    return {
      url: address.href,
      server: 'other',
      findings: [{ check: 'reachable', result: 'failed', what: error.message, hint }, ...unseen],
    };
  }
  const server = serverName(patient.index.visit.answer.headers);
  const isEmpty = patient.projects.length === 0;
  const findings: Finding[] = [{ check: 'reachable', result: 'fine', ...(isEmpty && { what: EMPTY_INDEX }) }];
  for (const name of Object.keys(CHECKS) as CheckName[]) {
    const check = ALL_CHECKS[name];
    if (check && isEmpty && !OF_EMPTY.has(name))
      findings.push({ check: name, result: 'not looked at', what: EMPTY_INDEX });
    else if (check) findings.push(await judge(name, check, patient, server));
  }
  return { url: patient.index.url.href, server, findings };
}

async function judge(check: CheckName, run: Check, patient: Patient, server: ServerName): Promise<Finding> {
  try {
    await run(patient);
    return { check, result: 'fine' };
  } catch (error) {
    if (error instanceof NothingToSee) return { check, result: 'not looked at', what: error.message };
    if (!(error instanceof Fault)) throw error;
    return {
      check,
      result: error.isNote ? 'note' : 'failed',
      what: error.message,
      hint: error.hint ?? hintFor(check, server),
    };
  }
}

async function checkTls({ index, now }: Patient): Promise<void> {
  const { url, visit } = index;
  if (url.protocol === 'http:') {
    if (/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname))
      throw new NothingToSee('the server is on this machine');
    throw new Fault(`${url.href} is not encrypted: pip ignores it without --trusted-host`, { isNote: true });
  }
  const left = (visit.answer.certificateEndsMs ?? Number.POSITIVE_INFINITY) - now;
  if (left < RENEWED_BEFORE_MS) {
    throw new Fault(`the certificate of ${url.host} ends in ${Math.floor(left / (24 * 3600 * 1000))} days`, {
      isNote: true,
    });
  }
}
