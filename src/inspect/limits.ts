import { shown } from '../formats/archive-member.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

export const METADATA_LIMIT_BYTES = TEXT_LIMITS.metadataBytes;

export function metadataTooBig(path: string): FormatError {
  return new FormatError(
    'metadata-too-big',
    `holds ${shown(path)} of more than ${METADATA_LIMIT_BYTES / 1024 / 1024} MiB`,
  );
}
