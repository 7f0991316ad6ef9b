import * as v from 'valibot';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of FILE.yanked (PEP 592) on one line; empty when there is none.
 *
 * @throws {FormatError} `bad-side-file` for what is no UTF-8 or longer than 4 KiB
 */
export function readYankReason(bytes: Uint8Array): string {
  if (bytes.length > TEXT_LIMITS.yankReasonBytes) throw new FormatError('bad-side-file', 'is longer than 4 KiB');
  return decode(bytes)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

const Base64 = v.pipe(v.string(), v.nonEmpty(), v.base64());

const Attestation = v.object({
  version: v.literal(1),
  verification_material: v.object({
    certificate: Base64,
    transparency_entries: v.pipe(v.array(v.looseObject({})), v.nonEmpty()),
  }),
  envelope: v.object({ statement: Base64, signature: Base64 }),
});

const Provenance = v.object({
  version: v.literal(1),
  attestation_bundles: v.array(
    v.object({
      publisher: v.object({ kind: v.string(), claims: v.nullish(v.looseObject({})) }),
      attestations: v.array(Attestation),
    }),
  ),
});

/**
 * Whether FILE.provenance is a provenance object (PEP 740). Its shape only: signatures are for those to check who install.
 *
 * @throws {FormatError} `bad-side-file`, naming the first place that is wrong
 */
export function checkProvenance(bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = JSON.parse(decode(bytes));
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError('bad-side-file', 'is not JSON');
  }
  const { issues } = v.safeParse(Provenance, value, { abortEarly: true });
  if (!issues) return;
  const [{ received, path }] = issues;
  const place = path?.map(({ key }) => String(key)).join('.') || 'it';
  const fault = received === 'undefined' ? 'is missing' : 'is not as PEP 740 says';
  throw new FormatError('bad-side-file', `is no provenance object: ${place} ${fault}`);
}

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new FormatError('bad-side-file', 'is not UTF-8 text');
  }
}
