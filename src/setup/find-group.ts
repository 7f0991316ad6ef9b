import { readFileSync } from 'node:fs';
import { KhoError } from '../errors.ts';
import { runProgram } from '../io/run-program.ts';
import { quoted } from '../standards/quoted.ts';

/**
 * The number of a group, by its name or its number.
 *
 * @throws {KhoError} USAGE when there is no such group
 */
export function findGroup(name: string): number {
  if (/^\d{1,9}$/.test(name)) return Number(name);
  // getent also knows the groups of a directory service; not every system has it.
  const asked = runProgram('getent', ['group', '--', name], { timeoutMs: 10_000 });
  const lines = asked?.status === 0 ? asked.stdout : readFileSync('/etc/group', 'utf8');
  for (const line of lines.split('\n')) {
    const [found, , id] = line.split(':');
    if (found === name && id !== undefined && /^\d+$/.test(id)) return Number(id);
  }
  throw new KhoError('USAGE', `Cannot find the group ${quoted(name)}`, {
    hint: 'make it first: groupadd --system NAME',
  });
}
