import { ALL } from '../../access/token.ts';
import type { KeptToken } from '../../access/token-lines.ts';
import { inColumns, onDay } from '../amounts.ts';
import { bold, dim, green, type Line, red } from '../text.ts';

/** What `kho token list --json` prints of each. */
export interface ShownToken {
  name: string;
  rights: readonly string[];
  /** `*` for all. */
  repositories: readonly string[];
  projects: readonly string[];
  /** ISO 8601. */
  made: string;
  /** Absent: never. */
  expires?: string;
  /** When something was last changed with it; what it only reads is not written down. */
  lastUsed?: string;
}

export function toShown(token: KeptToken, lastUsed: string | undefined): ShownToken {
  const { name, rights, repositories, projects, madeMs, expiresMs } = token;
  return {
    ...{ name, rights, repositories, projects, made: new Date(madeMs).toISOString() },
    ...(expiresMs !== undefined && { expires: new Date(expiresMs).toISOString() }),
    ...(lastUsed !== undefined && { lastUsed }),
  };
}

export function tokenTable(tokens: readonly ShownToken[], now: number): Line[] {
  if (tokens.length === 0) return [];
  const rows = tokens.map(({ name, rights, repositories, projects, expires, lastUsed }) => [
    name,
    rights.join(','),
    repositories.join(','),
    projects.join(','),
    expires === undefined ? 'never' : onDay(Date.parse(expires)),
    lastUsed === undefined ? '-' : onDay(Date.parse(lastUsed)),
  ]);
  const [head = [], ...lines] = inColumns([['NAME', 'MAY', 'IN', 'PROJECTS', 'UNTIL', 'LAST USED'], ...rows]);
  return [
    [bold(head.join('  '))],
    ...lines.map((cells, index): Line => {
      const { expires } = tokens[index] as ShownToken;
      const isOver = expires !== undefined && Date.parse(expires) <= now;
      return isOver ? [dim(cells.join('  ')), '  ', red('expired')] : cells.join('  ');
    }),
  ];
}

/** The token, and what it is good for. */
export function madeLines(secret: string, token: KeptToken, oldUntilMs: number | undefined): Line[] {
  const { name, rights, repositories, projects, expiresMs } = token;
  const where = repositories.includes(ALL) ? 'in all repositories' : `in ${repositories.join(', ')}`;
  const which = projects.includes(ALL) ? 'all projects' : `projects ${projects.join(', ')}`;
  const until = expiresMs === undefined ? 'until it is removed' : `until ${onDay(expiresMs)}`;
  return [
    [green(secret)],
    '',
    `This is the token of ${name}. It is shown this once: kho keeps its hash alone.`,
    `It may ${rights.join(', ')}: ${which}, ${where}, ${until}.`,
    ...(rights.includes('new') && projects.includes(ALL)
      ? [
          'It may bring projects of any name; --projects "farm-*" would limit it to those, --rights read,upload to those that are there.',
        ]
      : []),
    ...(oldUntilMs === undefined ? [] : [`The one before it holds until ${new Date(oldUntilMs).toISOString()}.`]),
  ];
}
