/** What another index has of a project and clients of this site do not get: why, and from when on. */
import type { LeftOutGroup, LeftOutRelease, WhyLeftOut } from '../../policy/left-out.ts';
import { type Html, html } from '../html.ts';
import type { ShownOffer } from './model.ts';
import { breakable, when } from './parts.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

/** So few releases are shown without being opened. */
const FEW_RELEASES = 2;

/** Versions that the head of a group names. */
const MOST_VERSIONS = 3;

const KINDS = {
  malware: 'leftMalware',
  quarantined: 'leftQuarantined',
  cooldown: 'leftCooldown',
  deny: 'leftDeny',
  allow: 'leftAllow',
  unhashed: 'leftUnhashed',
  gone: 'leftGone',
  clash: 'leftClash',
} as const satisfies Record<WhyLeftOut['kind'], TextKey>;

/** @param name of the project, normalized */
export function leftOutSection(name: string, offer: ShownOffer, words: Words): Html {
  if (offer.is === 'untold') return html``;
  if (offer.is === 'unasked')
    return html`<p class="sub">${words.mark('leftUnasked')} <code>kho refresh ${name}</code></p>\n`;
  const { upstream, leftOut, newest } = offer;
  const comesIn = when(newest, () => html`<p class="sub">${words.mark('newestComesIn', upstream, newest ?? '')}</p>\n`);
  if (leftOut.length === 0) return html`${comesIn}<p class="sub">${words.mark('leftNothing', upstream)}</p>\n`;
  return html`${comesIn}<h3 id="left-out">${words.mark('leftOut', upstream)}</h3>\n${leftOut.map((group) => groupItem(group, words))}`;
}

function groupItem(group: LeftOutGroup, words: Words): Html {
  const { kind, files, releases, newest } = group;
  const versions = [...new Set(newest.flatMap(({ version }) => version ?? []))];
  const isMore = versions.length > MOST_VERSIONS || releases > newest.length;
  const named = `${versions.slice(0, MOST_VERSIONS).join(', ')}${isMore ? ', …' : ''}`;
  const untold = releases - newest.length;
  return html`<details class="choice left-out"${releases <= FEW_RELEASES ? html` open` : ''}>
<summary><span class="whose">${words.mark(KINDS[kind])}</span>${when(named !== '', () => html` <span class="version">${named}</span>`)} <span class="quiet">${words.mark('files', files)}</span></summary>
<p class="quiet">${words.mark(aboutOf(kind))}</p>
<ul class="left">
${newest.map((release) => releaseItem(release, words))}${when(untold > 0, () => html`<li class="quiet">${words.mark('leftOlder', untold)}</li>\n`)}</ul>
</details>
`;
}

function aboutOf(kind: WhyLeftOut['kind']): TextKey {
  return `${KINDS[kind]}About`;
}

function releaseItem({ version, why, files, names }: LeftOutRelease, words: Words): Html {
  const reason = reasonOf(why, words);
  const more = files - names.length;
  return html`<li>${when(version !== undefined, () => html`<span class="version">${version ?? ''}</span> `)}${when(reason, () => html`<span class="reason">${reason ?? ''}</span>`)}${names.map((name) => html`<span class="filename">${breakable(name)}</span>`)}${when(more > 0, () => html`<span class="quiet">${words.mark('more', more)}</span>`)}</li>\n`;
}

/** What is particular to these files. */
function reasonOf(why: WhyLeftOut, words: Words): Html | undefined {
  switch (why.kind) {
    case 'malware':
      return html`${why.id}`;
    case 'deny':
      return why.rule === '' ? undefined : html`deny: ${why.rule}`;
    case 'allow':
      return why.lacks === 'hash' ? words.mark('leftOtherBytes') : undefined;
    case 'cooldown':
      return words.mark(why.by === 'file' ? 'leftUntilFile' : 'leftUntil', minuteOf(why.untilMs));
    case 'gone':
      return words.mark('leftGoneSince', minuteOf(why.sinceMs).slice(0, 'yyyy-mm-dd'.length));
    default:
      return undefined;
  }
}

/** `2026-12-01 08:15 UTC`. @param ms milliseconds since 1970 */
function minuteOf(ms: number): string {
  const text = new Date(ms).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
