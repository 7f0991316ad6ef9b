import type { LogEvent, LogEventName } from '../../log/log-files.ts';
import { inBytes } from '../amounts.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../text.ts';

const STYLES: Partial<Record<LogEventName, (text: string) => Span>> = {
  upload: green,
  refused: red,
  'auth-failed': red,
  remove: yellow,
  prune: yellow,
  yank: yellow,
};

/** As wide as the longest, `token-remove`. In characters. */
const EVENT_WIDTH = 12;

/** `2026-11-29 08:00:12  upload  ci-farm  farm-1.0.tar.gz  to glibc, 40 kB, from 10.0.0.7`. In UTC. */
export function logLine(event: LogEvent): Line {
  const { time, event: name, who = '-', file, token, project, repositories, bytes, address, reason, userAgent } = event;
  const { times } = event;
  const style = STYLES[name] ?? bold;
  const what = file ?? token ?? project;
  const details = [
    ...(repositories && repositories.length > 0 ? [repositories.join(', ')] : []),
    ...(bytes === undefined ? [] : [inBytes(bytes)]),
    ...(address === undefined ? [] : [`from ${address}`]),
    ...(reason === undefined ? [] : [reason]),
    ...(times === undefined ? [] : [`${times} times more within a minute`]),
    ...(userAgent === undefined ? [] : [programOf(userAgent)]),
  ].join(', ');
  return [
    dim(time.slice(0, 19).replace('T', ' ')),
    '  ',
    style(name.padEnd(EVENT_WIDTH)),
    '  ',
    who,
    ...(what === undefined ? [] : ['  ', bold(what)]),
    ...(details === '' ? [] : ['  ', details]),
  ];
}

/** `uv/0.13.9`, of all that a client says of itself. */
function programOf(userAgent: string): string {
  return userAgent.split(' ', 1)[0] ?? '';
}
