import type { WatchEvent } from '../../watch/watch-event.ts';
import { counted, grouped } from '../amounts.ts';
import type { Line } from '../text.ts';

/** One event of `kho watch` in words, after the time of day. */
export function watchLine(event: WatchEvent): Line {
  switch (event.event) {
    case 'watching': {
      const { repositories } = event.report;
      const files = repositories.reduce((sum, repository) => sum + repository.files, 0);
      return `watching ${event.site}: ${grouped(files)} files in ${repositories.map(({ name }) => name).join(', ')}`;
    }
    case 'serving':
      return `serving ${event.site} at ${event.url}`;
    case 'file': {
      const took =
        event.tookMs === undefined || event.became === 'gone'
          ? ''
          : `, ${(event.tookMs / 1000).toFixed(2)} s after its last byte`;
      const what = event.project === undefined ? '' : ` as ${event.project} ${event.version}`;
      const became = { listed: 'listed', replaced: 'listed with other bytes', held: 'held', gone: 'no longer listed' };
      return `${event.file}: ${became[event.became]}${what}${took}`;
    }
    case 'problem':
      return `${event.problem.file}: ${event.problem.what} [${event.problem.code}]; ${event.problem.hint}`;
    case 'built':
      return `published: ${event.written} written, ${event.removed} removed in ${(event.durationMs / 1000).toFixed(2)} s`;
    case 'judged':
      return judgedLine(event);
    case 'error':
      return `${inOneLine(event.message)}${event.hint === undefined ? '' : `; ${event.hint}`}`;
    case 'stalled':
      return 'the build has made no progress for a minute: it reads something that gives no answer, and until then nothing new is published; start kho again when that is mended';
    case 'goes on':
      return 'the build goes on';
    case 'upstream':
      return `upstream ${event.upstream}: ${inOneLine(event.message)}`;
    case 'pushed':
      return `pushed to ${event.bucket}: ${event.written} written, ${event.removed} removed in ${(event.durationMs / 1000).toFixed(2)} s`;
    case 'bucket':
      return `bucket ${event.bucket}: ${inOneLine(event.message)}${event.hint === undefined ? '' : `; ${event.hint}`}`;
    case 'settings':
      return 'kho.toml is in order again, and in force';
  }
}

/** First what is no longer listed. */
function judgedLine({ judged, news, held, listed, left }: Extract<WatchEvent, { event: 'judged' }>): string {
  const gone = held.length > 0 ? `no longer listed: ${held.join(', ')}; ` : '';
  const now = listed.length > 0 ? `; listed now: ${listed.join(', ')}` : '';
  const rules = news.length > 0 ? ` by new rules (they ${news.join('; ')})` : '';
  return `${gone}${counted(judged, 'file')} looked at again${rules}${now}${left > 0 ? `; ${grouped(left)} left` : ''}`;
}

/** What a message lists line by line. */
function inOneLine(message: string): string {
  const [first = '', ...listed] = message.split('\n');
  return listed.length === 0 ? first : `${first}: ${listed.join('; ')}`;
}
