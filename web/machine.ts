import { recall, remember } from './memory.ts';
import { make, repository, siteTitle, wayTo } from './page.ts';
import type { Texts } from './texts.ts';

/** What a repository has of a project. 0 instead of platforms: it runs on all machines. */
type Runs = [repository: string, version: string, platforms: string[] | 0, hasSource: 0 | 1];

const KEY = 'machine';

/** The machine that the reader installs for, as the reader has chosen it. */
export function readersMachine(): string | undefined {
  return recall(KEY);
}

/**
 * A choice of machines above the lines to install with. Where another repository is the one for the chosen machine, its address stands in
 * the lines, and a word says so: nobody is to copy the line for Debian on Alpine.
 */
export function offerMachines(texts: Texts): void {
  const section = document.querySelector<HTMLElement>('#install[data-machines]');
  const tabs = section?.querySelector('.tabs');
  if (!section || !tabs) return;
  const all = JSON.parse(section.dataset['machines'] ?? '[]') as Runs[];
  const guess = guessMachine();
  const chosen = readersMachine();
  const known = new Set(all.flatMap(([, , platforms]) => platforms || []));
  const machines = [...new Set([...known, ...(chosen ? [chosen] : [])])].sort();
  const option = (machine: string) =>
    make(
      'option',
      { value: machine },
      machineName(machine, texts),
      machine === guess ? ` · ${texts.text('isYours')}` : '',
    );
  const select = make(
    'select',
    { id: 'machine' },
    make('option', { value: '' }, texts.text('anyChosen')),
    // The reader's own first, where the browser tells it.
    ...machines.sort((a, b) => Number(b === guess) - Number(a === guess)).map(option),
  );
  const says = make('p', { class: 'notice', role: 'status', hidden: '' });
  const label = make('label', { for: 'machine' }, texts.text('myMachine'));
  tabs.before(make('div', { class: 'machine' }, label, ' ', select), says);
  const apply = () => showFor(select.value, all, says, section, texts);
  select.value = chosen ?? '';
  select.addEventListener('change', () => {
    remember(KEY, select.value || undefined);
    apply();
  });
  apply();
}

function showFor(machine: string, all: readonly Runs[], says: HTMLElement, section: HTMLElement, texts: Texts): void {
  const runs = ([, , platforms]: Runs) => platforms === 0 || platforms.includes(machine);
  const here = all.find(([name]) => name === repository);
  const isFine = machine === '' || (here !== undefined && runs(here));
  const other = isFine ? undefined : all.find(runs);
  writeIndex(section, other?.[0] ?? repository);
  says.hidden = isFine;
  says.classList.toggle('is-bad', other === undefined);
  if (isFine) return;
  const name = machineName(machine, texts);
  if (other) {
    const [of, version] = other;
    const title = of === '.' ? siteTitle : of;
    const link = make(
      'a',
      { href: wayTo(of, `project/${section.dataset['project']}/index.html`) },
      `${title} ${version}`,
    );
    says.replaceChildren(texts.text('linesFromOther', name), ' ', link);
  } else {
    const source = all.some(([, , , hasSource]) => hasSource === 1);
    says.replaceChildren(texts.text(source ? 'onlySourceFor' : 'nothingFor', name));
  }
}

/** Put a repository's address in all lines; those that name hashes of this one's files go. */
function writeIndex(section: HTMLElement, of: string): void {
  const own = repository === '.' ? '' : `${encodeURIComponent(repository)}/`;
  const wanted = of === '.' ? '' : `${encodeURIComponent(of)}/`;
  for (const slot of section.querySelectorAll<HTMLElement>('[data-index]')) {
    slot.dataset['own'] ??= slot.textContent ?? '';
    const end = `${own}${slot.dataset['index']}`;
    const text = slot.dataset['own'];
    slot.textContent =
      of !== repository && text.endsWith(end) ? text.slice(0, -end.length) + wanted + slot.dataset['index'] : text;
  }
  const hashes = section.querySelector<HTMLInputElement>('[id$="-hashes"]');
  if (!hashes) return;
  const label = hashes.nextElementSibling as HTMLElement;
  hashes.hidden = label.hidden = of !== repository;
  if (hashes.hidden && hashes.checked) section.querySelector<HTMLInputElement>('[type="radio"]')?.click();
}

const SYSTEM_TEXTS: Readonly<Record<string, string>> = {
  glibc: 'machineGlibc',
  musl: 'machineMusl',
  macos: 'machineMacos',
  windows: 'machineWindows',
};

/** `glibc-x86_64` in people's words. */
export function machineName(machine: string, texts: Texts): string {
  const [system = '', ...rest] = machine.split('-');
  const architecture = rest.join('-');
  const key = SYSTEM_TEXTS[system];
  if (key === undefined) return machine;
  const bits = /^armv[67]l$/.test(architecture) ? `${architecture}, ${texts.text('arm32')}` : architecture;
  return texts.text(key, bits);
}

/** As far as browsers tell: never which libc. Desktops with Linux have glibc. */
function guessMachine(): string | undefined {
  const { platform } = navigator;
  const linux = /^Linux (x86_64|aarch64|armv[67]l|i686)$/.exec(platform)?.[1];
  if (linux !== undefined) return `glibc-${linux}`;
  return platform === 'Win32' ? 'windows-amd64' : undefined;
}
