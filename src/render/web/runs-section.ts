/** On which machines a release runs, in people's words: "Debian 10 and later", with the exact number beside it. */
import type { Release } from '../../catalog/model.ts';
import { DISTRIBUTIONS_AS_OF, type FirstRelease, releasesWith } from '../../standards/platforms/distributions.ts';
import { type RunsOn, runsOn } from '../../standards/platforms/runs-on.ts';
import { type Html, html } from '../html.ts';
import { facts, systemsList, when } from './parts.ts';
import type { Words } from './words.ts';

/** Nothing for a release that has no wheel for certain machines. */
export function runsSection(release: Release, words: Words): Html {
  const machines = runsOn(release.files.filter(({ kind, yanked }) => kind === 'wheel' && yanked === undefined));
  if (machines.length === 0) return html``;
  const rows = new Map<string, { name: Html; runs: Html[] }>();
  for (const group of alike(machines)) {
    const name = machineWords(group, words);
    const row = rows.get(name.text) ?? { name, runs: [] };
    row.runs.push(whatRuns(group[0], words));
    rows.set(name.text, row);
  }
  return html`<section id="runs"><h2>${words.mark('whereItRuns')}</h2>
${facts([...rows.values()].map(({ name, runs }) => [name, html`${runs.map((each) => html`<div>${each}</div>`)}`] as const))}<p class="sub">${words.mark('runsAbout', DISTRIBUTIONS_AS_OF)}</p></section>
`;
}

/** Those about which the same is to be said stand together. */
function alike(machines: readonly RunsOn[]): [RunsOn, ...RunsOn[]][] {
  const groups = new Map<string, [RunsOn, ...RunsOn[]]>();
  for (const machine of machines) {
    const { system, architecture, oldest, pythons } = machine;
    // Windows has nothing but its architecture to tell.
    const said = system === 'windows' ? architecture : systemsOf(machine).filter(({ name }) => name !== ONLY_ARM);
    const key = JSON.stringify([system, oldest, said, pythons]);
    const group = groups.get(key);
    if (group) group.push(machine);
    else groups.set(key, [machine]);
  }
  return [...groups.values()];
}

/** Named where one of several machines is such a board: nobody takes it for a PC. */
const ONLY_ARM = 'Raspberry Pi OS';

function systemsOf({ system, architecture, oldest }: RunsOn): FirstRelease[] {
  if ((system !== 'glibc' && system !== 'musl') || oldest === undefined) return [];
  return releasesWith(system, oldest, architecture);
}

const SYSTEM_NAMES = { glibc: 'Linux', musl: 'Linux', macos: 'macOS', windows: 'Windows' } as const;

function machineWords(machines: readonly [RunsOn, ...RunsOn[]], words: Words): Html {
  const named = machines.map(({ architecture }) => architecture).join(', ');
  const isSmall = machines.every(({ architecture }) => /^armv[67]l$/.test(architecture));
  return html`${SYSTEM_NAMES[machines[0].system]} ${named}${when(isSmall, () => html` <small>${words.mark('arm32')}</small>`)}`;
}

function whatRuns(machine: RunsOn, words: Words): Html {
  const { pythons } = machine;
  return html`${systemWords(machine, words)}${when(pythons.length > 0, () => html` <span class="quiet">· Python ${pythons.join(', ')}</span>`)}`;
}

function systemWords(machine: RunsOn, words: Words): Html {
  const { system, architecture, oldest } = machine;
  if (system === 'windows')
    return architecture === 'x86' ? words.mark('tagWindows32') : words.mark('tagWindows', architecture);
  if (oldest === undefined) return html`<span class="quiet">${words.mark('noOldest')}</span>`;
  if (system === 'macos') return words.mark('andLater', `macOS ${oldest}`);
  const systems = systemsOf(machine);
  const exact = html`<span class="quiet">${words.mark('andLater', `${system} ${oldest}`)}</span>`;
  return systems.length > 0 ? html`${systemsList(systems, words)}${exact}` : exact;
}
