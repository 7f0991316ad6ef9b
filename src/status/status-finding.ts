/** `look`: somebody should soon. `stuck`: nothing new is published, or soon nothing can be. */
export interface StatusFinding {
  level: 'look' | 'stuck';
  /** In one line, no full stop. */
  what: string;
  /** The way out: one line, no full stop. */
  hint: string;
}
