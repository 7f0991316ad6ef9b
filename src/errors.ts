/**
 * Three kinds of failure. One file's fault is a `Problem`: data, shown with all the others (problems.ts).
 * What stops the run is a `KhoError`. Anything else is a bug.
 */

/** What can stop a run in a way that a user can mend. Each has its entry in docs/errors.md; a test compares the two. */
export const ERROR_CODES = [
  'USAGE',
  'CONFIG',
  'SITE',
  'LOCKED',
  'READ',
  'WRITE',
  'LISTEN',
  'UPSTREAM',
  'BUCKET',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What stops a run. Reaches the command line, which shows it and exits with 2. */
export class KhoError extends Error {
  override readonly name = 'KhoError';
  readonly code: ErrorCode;
  /** What the user could do next: one line, no full stop. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, more: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.code = code;
    this.hint = more.hint;
  }

  /** For another thread, where classes do not survive: `KhoError.fromParts` makes it one again. */
  toParts(): KhoErrorParts {
    return { khoError: this.code, message: this.message, hint: this.hint, cause: this.cause };
  }

  /** The error that `toParts` took apart; anything else as it is. */
  static fromParts(parts: unknown): unknown {
    if (!(parts instanceof Object) || !('khoError' in parts)) return parts;
    const { khoError, message, hint, cause } = parts as KhoErrorParts;
    return new KhoError(khoError, message, { ...(hint !== undefined && { hint }), cause });
  }
}

/** What went wrong, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What is quoted in another message is cut; so much of it is enough to know it again. In characters. */
const TOLD_LENGTH = 60;

/** Why, in words: the nearest cause first. One that only says again what another one has said is left out. */
export function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause) {
    const { message } = cause;
    if (!causes.some((said) => said.includes(message.slice(0, TOLD_LENGTH)))) causes.push(message);
  }
  return causes;
}

interface KhoErrorParts {
  khoError: ErrorCode;
  message: string;
  hint: string | undefined;
  cause: unknown;
}
