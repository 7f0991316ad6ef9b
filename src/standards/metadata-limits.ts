import { FormatError } from '../problems.ts';
import { type CoreMetadata, HEADERS } from './metadata.ts';
import { TEXT_LIMITS } from './text-limits.ts';

/** Fields of which there may be more lines than of others. */
const MOST_LINES: { readonly [field in keyof CoreMetadata]?: number } = {
  requiresDist: TEXT_LIMITS.requirements,
  licenseFiles: TEXT_LIMITS.listedPaths,
  importNames: TEXT_LIMITS.listedPaths,
  importNamespaces: TEXT_LIMITS.listedPaths,
};

/** These may be as long as the file. */
const LONG: ReadonlySet<keyof CoreMetadata> = new Set(['description', 'license']);

const FIELDS = Object.entries(HEADERS);

/** @throws {FormatError} `metadata-too-big` when there is more of a field than any real package has, with the amount and the limit */
export function checkMetadataLimits(metadata: CoreMetadata): void {
  for (const [header, { text, list }] of FIELDS) {
    if (list !== undefined) {
      const lines = metadata[list];
      const most = MOST_LINES[list] ?? TEXT_LIMITS.listedFields;
      if (lines.length > most) throw tooMuch(`${inThousands(lines.length)} lines of ${header}`, most);
      for (const line of lines) checkLength(header, line, TEXT_LIMITS.listedFieldLength);
    } else if (text !== undefined && !LONG.has(text)) {
      checkLength(header, metadata[text] ?? '', TEXT_LIMITS.fieldLength);
    }
  }
}

function checkLength(header: string, { length }: string, longest: number): void {
  if (length > longest) throw tooMuch(`${inThousands(length)} characters in one line of ${header}`, longest);
}

function tooMuch(what: string, limit: number): FormatError {
  return new FormatError(
    'metadata-too-big',
    `has ${what} in its metadata, more than the ${inThousands(limit)} that kho takes`,
    'shorten its metadata, and build it again',
  );
}

/** `45,000`, whatever the language of the machine. */
function inThousands(count: number): string {
  let digits = String(count);
  let text = '';
  for (; digits.length > 3; digits = digits.slice(0, -3)) text = `,${digits.slice(-3)}${text}`;
  return digits + text;
}
