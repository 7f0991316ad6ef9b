/**
 * Attestations as clients upload them with a file, and as an index publishes them beside it.
 *
 * Source: PEP 740; in-toto Statement v1. Only shapes and the digest are looked at: nobody's signature is verified.
 */

/** In characters of JSON. Those of PyPI have some 10,000 each. */
const LONGEST = 1024 * 1024;

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

type JsonObject = Record<string, unknown>;

/**
 * The provenance object to be published as `FILE.provenance`, as text.
 *
 * @param attestations the form field: a JSON list
 * @param sha256 of the file, hexadecimal
 * @throws {AttestationFault}
 */
export function provenanceOf(attestations: string, sha256: string): string {
  if (attestations.length > LONGEST) throw new AttestationFault('they are too long');
  let list: unknown;
  try {
    list = JSON.parse(attestations);
  } catch {
    throw new AttestationFault('they are no JSON');
  }
  if (!Array.isArray(list) || list.length === 0) throw new AttestationFault('they are no list, or an empty one');
  for (const each of list) check(each, sha256);
  const bundle = { publisher: { kind: 'kho', verified: false }, attestations: list };
  return `${JSON.stringify({ version: 1, attestation_bundles: [bundle] })}\n`;
}

/** What is wrong with attestations: reads on after "The attestations were not taken: ". */
export class AttestationFault extends Error {}

function check(attestation: unknown, sha256: string): void {
  const { version, verification_material: material, envelope } = table(attestation, 'one');
  if (version !== 1) throw new AttestationFault('one has another version than 1');
  const { certificate, transparency_entries: entries } = table(material, 'verification_material');
  if (typeof certificate !== 'string' || !Array.isArray(entries) || entries.length === 0) {
    throw new AttestationFault('verification_material has no certificate, or no transparency_entries');
  }
  const { statement, signature } = table(envelope, 'envelope');
  if (typeof statement !== 'string' || typeof signature !== 'string') {
    throw new AttestationFault('envelope has no statement, or no signature');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(statement, 'base64').toString('utf8'));
  } catch {
    throw new AttestationFault('the statement is no JSON in base64');
  }
  const { _type: type, subject } = table(parsed, 'statement');
  if (type !== STATEMENT_TYPE) throw new AttestationFault('the statement is no in-toto Statement v1');
  if (!Array.isArray(subject) || subject.length !== 1) throw new AttestationFault('the statement has not one subject');
  const { digest } = table(subject[0], 'subject');
  if (table(digest, 'digest')['sha256'] !== sha256) throw new AttestationFault('they are about another file');
}

function table(value: unknown, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new AttestationFault(`${what} is no object`);
}
