/** Which file each of the repository's machines takes, and why not the others: for who stands before a machine that took another one. */
import type { LeftFile, MachineChoice, Taking, WhyLeft } from '../../catalog/machine-choices.ts';
import { compareVersions } from '../../standards/version.ts';
import { type Html, html } from '../html.ts';
import type { PagePlace } from './layout.ts';
import type { ShownOffer } from './model.ts';
import { breakable, facts, when } from './parts.ts';
import { fileHtmlPath } from './places.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

/** So many files that are not taken are named for each machine; the others are counted. */
const MOST_LEFT = 12;

/** So many kinds of machines have an answer of their own. */
const MOST_MACHINES = 24;

const REASONS = {
  'lower-build': 'notLowerBuild',
  'fits-less': 'notFitsLess',
  'source-later': 'notSourceLater',
  held: 'notHeld',
  'passed-over': 'notPassedOver',
  yanked: 'notYanked',
  'pre-release': 'notPreRelease',
  'requires-python': 'notRequiresPython',
  'newer-libc': 'notNewerLibc',
  'other-libc': 'notOtherLibc',
  'other-python': 'notOtherPython',
  'other-machine': 'notOtherMachine',
  older: 'notOlder',
  // Nobody who only opens a page asks for anything particular.
  'not-asked': 'notOlder',
  'other-hash': 'notOlder',
  'no-wheel': 'notOlder',
  forbidden: 'notOlder',
} as const satisfies Record<WhyLeft['is'], TextKey>;

export interface WhyData {
  /** Normalized. */
  name: string;
  /** Of the release that is the latest. */
  latest: string;
  choices: readonly MachineChoice[];
  offer?: ShownOffer | undefined;
}

export function whySection(data: WhyData, place: PagePlace, words: Words): Html {
  const { name, choices } = data;
  const [first] = choices;
  if (!first) return html``;
  const shown = choices.slice(0, MOST_MACHINES);
  const python = first.takes.at(-1)?.pythons.at(-1) ?? '3.12';
  const line = `kho why ${name} --for ${first.platforms[0]} --python ${python}`;
  return html`<section id="why"><h2>${words.mark('whyTitle')}</h2>
<p class="quiet">${words.mark('whyAbout')}</p>
${newerElsewhere(data, words)}${choices.length === 1 ? html`<div class="choice">\n<p class="whose">${words.mark('whyEvery')}</p>\n${answer(first, data, place, words)}</div>\n` : shown.map((choice) => choiceItem(choice, data, place, words))}${when(
  choices.length > MOST_MACHINES,
  () => html`<p class="hint">${words.mark('more', choices.length - MOST_MACHINES)}</p>\n`,
)}<p class="sub">${words.mark('whyExact')} <code>${line}</code></p></section>
`;
}

/** What follows is of the files that stand here. */
function newerElsewhere({ latest, offer }: WhyData, words: Words): Html {
  if (offer?.is !== 'known' || offer.newest === undefined || compareVersions(offer.newest, latest) <= 0) return html``;
  return html`<p class="notice">${words.mark('whyNewer', offer.upstream, offer.newest)}</p>\n`;
}

/** Closed, it says what is taken; open, why. */
function choiceItem(choice: MachineChoice, data: WhyData, place: PagePlace, words: Words): Html {
  const taken = [...new Set(choice.takes.flatMap(({ file }) => (file ? [file.version] : [])))];
  const lacking = choice.takes.filter(({ file }) => !file).flatMap(({ pythons }) => pythons);
  const without = lacking.length > 0 ? words.mark('whyNothing') : undefined;
  const onSome = taken.length > 0 ? html` <span class="quiet">Python ${lacking.join(', ')}</span>` : html``;
  return html`<details class="choice">
<summary><span class="whose">${choice.platforms.map((platform, at) => html`${at === 0 ? '' : ', '}${machineName(platform, words)}`)}</span> <span class="version">${taken.join(', ')}</span>${when(without, () => html` <span class="tag is-bad">${without ?? ''}</span>${onSome}`)}</summary>
${answer(choice, data, place, words)}</details>
`;
}

function answer({ takes, left, elsewhere }: MachineChoice, data: WhyData, place: PagePlace, words: Words): Html {
  const rows = takes.map(
    (taking) => [`Python ${taking.pythons.join(', ')}`, takingWords(taking, data, place, words)] as const,
  );
  const unnamed = left.length - MOST_LEFT;
  return html`${facts(rows)}${when(
    left.length > 0,
    () => html`<p class="left-head">${words.mark('whyLeft')}</p>
<ul class="left">
${left.slice(0, MOST_LEFT).map((file) => leftItem(file, words))}${when(unnamed > 0, () => html`<li class="quiet">${words.mark('more', unnamed)}</li>\n`)}</ul>
`,
  )}${when(elsewhere > 0, () => html`<p class="quiet">${words.mark('whyElsewhere', elsewhere)}</p>\n`)}`;
}

function takingWords({ file, whyNotLatest }: Taking, { name, latest }: WhyData, place: PagePlace, words: Words): Html {
  const page = file && fileHtmlPath(name, file.version, file.filename);
  const named = file && breakable(file.filename);
  const shown = page === undefined ? named : html`<a href="${place.inRepository(page)}">${named ?? ''}</a>`;
  return html`${named ? html`<span class="filename">${shown ?? ''}</span>` : html`<span class="is-bad">${words.mark('whyNothing')}</span>`}${when(
    file?.isSource,
    () => html` <small>${words.mark('whyBuilt')}</small>`,
  )}${when(
    whyNotLatest,
    () => html` <small>${words.mark('whyNotLatest', latest)} ${reason(whyNotLatest as WhyLeft, words)}</small>`,
  )}`;
}

function leftItem({ filename, why }: LeftFile, words: Words): Html {
  return html`<li><span class="filename">${breakable(filename)}</span> <span class="reason">${reason(why, words)}</span></li>\n`;
}

function reason(why: WhyLeft, words: Words): Html {
  const key = REASONS[why.is];
  if (why.is === 'requires-python') return words.mark(key, why.specifiers);
  return why.is === 'held' ? html`<a href="#held">${words.mark(key)}</a>` : words.mark(key);
}

/** As people call it, with the architecture. */
function machineName(platform: string, words: Words): Html {
  const dash = platform.indexOf('-');
  const [system, architecture] = [platform.slice(0, dash), platform.slice(dash + 1)];
  const keys: Readonly<Record<string, TextKey>> = {
    glibc: 'machineGlibc',
    musl: 'machineMusl',
    macos: 'machineMacos',
    windows: 'machineWindows',
  };
  const key = keys[system];
  return key ? words.mark(key, architecture) : html`${platform}`;
}
