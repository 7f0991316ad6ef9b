/** What all units of kho have in common: what they may do, which is little. Pure. */
import { KhoError } from '../errors.ts';

export interface ServiceOptions {
  /** What to run: Node and kho, both absolute. */
  program: readonly [node: string, kho: string];
  /** The site's own folder, absolute. */
  site: string;
  /** Folders elsewhere that the site links to, absolute. */
  linkedFolders: readonly string[];
  user: string;
  group: string;
}

export interface Sandbox {
  /** Absolute. */
  writable: readonly string[];
  isHome: boolean;
  /** A capability, or nothing. */
  mayBind: string;
  hasNetwork: boolean;
  /** Lines about the folder of a socket. */
  runtime?: string;
}

/** Lines of [Service]. @throws {KhoError} USAGE for a path that no unit can hold */
export function sandbox({ writable, isHome, mayBind, hasNetwork, runtime = '' }: Sandbox): string {
  return `# The site is all that it may write.
ProtectSystem=strict
ReadWritePaths=${writable.map(unitWord).join(' ')}
${runtime}ProtectHome=${isHome ? 'read-only' : 'true'}
PrivateTmp=true
PrivateDevices=true
NoNewPrivileges=true
CapabilityBoundingSet=${mayBind}
AmbientCapabilities=${mayBind}
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
ProtectProc=invisible
RestrictAddressFamilies=${hasNetwork ? 'AF_UNIX AF_INET AF_INET6' : 'AF_UNIX'}
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
# Not here: MemoryDenyWriteExecute. Node compiles JavaScript to machine code while it runs.
`;
}

/** Whether what runs, or the site, lies where people live. */
export function isInHome(program: readonly string[], site: string): boolean {
  return program.some((path) => /^\/(?:home|root|run\/user)\//.test(path)) || /^\/(?:home|root)\//.test(site);
}

/** The words of ExecStart. */
export function unitCommand(words: readonly string[]): string {
  return words.map((word) => unitWord(word.replaceAll('$', '$$$$'))).join(' ');
}

/**
 * A word of a unit file. systemd knows `%` specifiers, also between quotes; in a command it knows `$` variables too.
 *
 * @throws {KhoError} USAGE
 */
export function unitWord(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new KhoError('USAGE', `Cannot write "${text}" into a unit: it is more than one line`);
  const escaped = text.replaceAll('%', '%%');
  return /^[\w/.:@%$+=,[\]-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, '\\$&')}"`;
}
