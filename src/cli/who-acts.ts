import { userInfo } from 'node:os';

/** Who typed a command, for the record of what was done: also behind sudo, and before kho acts for the owner of a site. */
export function whoActs(): string {
  const { SUDO_USER } = process.env;
  if (process.getuid?.() === 0 && SUDO_USER) return `user:${SUDO_USER}`;
  try {
    return `user:${userInfo().username}`;
  } catch {
    return `user:${process.getuid?.() ?? 'unknown'}`; // one that no list of users has
  }
}
