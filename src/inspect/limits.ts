import { shownPath } from '../formats/archive-member.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

export const METADATA_LIMIT_BYTES = TEXT_LIMITS.metadataBytes;

/** Of RECORD, in bytes. That of the largest wheels has some two megabytes; a longer one is not looked into. */
export const RECORD_LIMIT_BYTES = 32 * 1024 * 1024;

export function metadataTooBig(path: string): FormatError {
  return new FormatError(
    'metadata-too-big',
    `holds ${shownPath(path)} of more than ${METADATA_LIMIT_BYTES / 1024 / 1024} MiB`,
  );
}
