/** What happened. One that no file is about has no `file`; only what is known is there. */
export const LOG_EVENTS = [
  'upload',
  'same',
  'refused',
  'auth-failed',
  'yank',
  'unyank',
  'remove',
  'restore',
  'move',
  'prune',
  'cleared',
  'token-add',
  'token-remove',
  'token-rotate',
  'name-own',
  'name-shared',
  'name-forget',
  'found',
  'fix-early',
  'malware',
] as const;
export type LogEventName = (typeof LOG_EVENTS)[number];

export interface LogEvent {
  /** ISO 8601. */
  time: string;
  event: LogEventName;
  /** The name of a token, or `user:NAME` for who typed a command. */
  who?: string;
  /** Of the client. */
  address?: string;
  file?: string;
  /** The name of the token that was made or removed. */
  token?: string;
  /** Normalized. */
  project?: string;
  /** Hexadecimal. */
  sha256?: string;
  /** Its size. */
  bytes?: number;
  repositories?: readonly string[];
  /** In words. */
  reason?: string;
  userAgent?: string;
  /** So often again within a minute, of a refusal that has its line before. */
  times?: number;
}

/** In the kept state; the number grows. */
export const LOG_FILE = /^log-(\d{6,})$/;

/** Of the names in a folder those of the record, the oldest first. */
export function logFiles(names: readonly string[]): string[] {
  return names.filter((name) => LOG_FILE.test(name)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}
