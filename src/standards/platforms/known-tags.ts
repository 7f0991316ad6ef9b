/**
 * Tags that no installer has, and what may be meant by them.
 *
 * Source: PyPA "Platform compatibility tags" (PEP 425, 513, 571, 599, 600, 656), and the tags that the Python library `packaging` makes
 * for the machines there are. What may be a system or machine that kho does not know counts as known.
 */
import type { WheelFilename } from '../wheel-filename.ts';
import {
  LINUX_ARCHITECTURES,
  MAC_ARCHITECTURES,
  OLD_MAC_FORMATS,
  OLD_WINDOWS_TAGS,
  otherNames,
  WINDOWS_ARCHITECTURES,
} from './architectures.ts';
import type { BinaryFacts } from './binary-facts.ts';
import { truestTag } from './truest-tag.ts';

type Tags = Pick<WheelFilename, 'python' | 'abi' | 'platform'>;

/** Names of machines that no system calls by them in a tag, and how it does; other names may be machines that kho does not know. */
const LINUX_MACHINES = otherNames(LINUX_ARCHITECTURES, 'all');
const MACHINES: ReadonlySet<string> = new Set(Object.keys(LINUX_ARCHITECTURES));
const WINDOWS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...Object.keys(WINDOWS_ARCHITECTURES).map((name) => [name, name]),
    ...Object.entries(otherNames(WINDOWS_ARCHITECTURES, 'all')),
  ].map(([written, name]) => [written, WINDOWS_ARCHITECTURES[name as string]?.tag as string]),
);
const WINDOWS_TAGS: ReadonlySet<string> = new Set([
  ...Object.values(WINDOWS_ARCHITECTURES).map(({ tag }) => tag),
  ...OLD_WINDOWS_TAGS,
]);
const MAC_MACHINES: ReadonlySet<string> = new Set([
  ...Object.values(MAC_ARCHITECTURES).flatMap(({ formats }) => formats),
  ...OLD_MAC_FORMATS,
]);
const MAC_NAMES = otherNames(MAC_ARCHITECTURES, 'all');

/** Whether some installer may have this platform tag. @param tag one of a set, in lower case */
export function isKnownPlatform(tag: string): boolean {
  return tag === 'any' || platformMeant(tag) === undefined;
}

/** Undefined for a tag that installers have; empty where it is none, and nobody knows what is meant. */
function platformMeant(tag: string): string | undefined {
  if (MACHINES.has(tag)) return `linux_${tag}`;
  if (Object.hasOwn(LINUX_MACHINES, tag)) return `linux_${LINUX_MACHINES[tag]}`;
  const [, system = '', rest = ''] = /^(manylinux|musllinux|linux|macosx?|darwin|osx|windows|win)(.*)$/.exec(tag) ?? [];
  switch (system) {
    case 'manylinux':
    case 'musllinux':
      return versionedMeant(system, rest);
    case 'linux':
      return linuxMeant(rest);
    case 'win':
    case 'windows':
      return WINDOWS_TAGS.has(tag) ? undefined : (WINDOWS[rest.replace(/^_/, '')] ?? '');
    case '':
      return tag === 'none' || /^\d/.test(tag) ? '' : undefined;
    default:
      return macMeant(system, rest);
  }
}

function versionedMeant(family: 'manylinux' | 'musllinux', rest: string): string | undefined {
  const pattern = family === 'manylinux' ? /^(1|2010|2014|_\d+_\d+)?(?:_(\w+))?$/ : /^(_\d+_\d+)?(?:_(\w+))?$/;
  const [, version, machine = ''] = pattern.exec(rest) ?? [];
  const linuxMachine = LINUX_MACHINES[machine];
  if (version !== undefined && machine !== '' && linuxMachine === undefined) return undefined;
  const usual = family === 'manylinux' ? '_2_17' : '_1_2';
  return `${family}${version ?? usual}_${linuxMachine ?? (machine || 'x86_64')}`;
}

function linuxMeant(rest: string): string | undefined {
  const machine = rest.replace(/^_/, '');
  if (Object.hasOwn(LINUX_MACHINES, machine)) return `linux_${LINUX_MACHINES[machine]}`;
  return rest.startsWith('_') && machine !== '' ? undefined : '';
}

function macMeant(system: string, rest: string): string | undefined {
  const [, major, minor = '0', machine = ''] = /^(?:_(\d+)(?:_(\d+))?)?_?(\w*)$/.exec(rest) ?? [];
  const isWhole = system === 'macosx' && /^_\d+_\d+_/.test(rest);
  if (isWhole && MAC_MACHINES.has(machine)) return undefined;
  const named = MAC_NAMES[machine] ?? machine;
  return MAC_MACHINES.has(named)
    ? `macosx_${major ?? (named === 'arm64' ? '11' : '10')}_${major ? minor : named === 'arm64' ? '0' : '9'}_${named}`
    : '';
}

/** Undefined where some installer may have one of the tags. */
function pythonMeant(python: string): string | undefined {
  if (/^python\d/.test(python)) return python.replace('python', 'py');
  if (/^[a-z]+\d+$/.test(python)) return undefined;
  const [, name = 'py', digits] = /^([a-z]*)_?(\d+(?:[._]\d+)*)$/.exec(python) ?? [];
  return digits === undefined ? '' : `${name || 'py'}${digits.replace(/[._]/g, '')}`;
}

/**
 * What is wrong with a wheel's tags, if no installer has any of them; undefined if one may have.
 *
 * @param binaries what is in it, where that is known: it tells which platform is meant
 * @returns the tags that may be meant, as a name has them; absent where nobody knows
 */
export function unknownTags(tags: Tags, binaries: BinaryFacts | undefined): { meant?: string } | undefined {
  const [python, abi, platform] = [tags.python, tags.abi, tags.platform].map((set) => set.toLowerCase()) as [
    string,
    string,
    string,
  ];
  const isKnown = python.split('.').some((one) => pythonMeant(one) === undefined && takesAbi(one, abi, platform));
  if (isKnown && platform.split('.').some(isKnownPlatform)) return undefined;
  const meantPlatform = platform.split('.').some(isKnownPlatform) ? platform : meantOf(platform, binaries);
  const isSet = !isKnown && python.split('.').every((one) => pythonMeant(one) === undefined && !/^cp\d$/.test(one));
  const meantPython = isSet || isKnown ? python : (pythonMeant(python) ?? python);
  const meantAbi = abiMeant(abi, meantPython, meantPlatform);
  if (!meantPlatform || !meantPython) return {};
  return { meant: `${meantPython}-${meantAbi}-${meantPlatform}` };
}

/** `py3` says nothing of an ABI, and what runs on any machine has none. */
function takesAbi(python: string, abi: string, platform: string): boolean {
  return abi.split('.').some((one) => {
    if (one === 'none') return true;
    return !/^(?:py)?\d/.test(one) && !/^(?:py\d|cp\d$)/.test(python) && platform !== 'any' && one !== 'any';
  });
}

function meantOf(platform: string, binaries: BinaryFacts | undefined): string {
  const guesses = platform.split('.').map((tag) => platformMeant(tag) ?? tag);
  const guess = guesses.includes('') ? '' : guesses.join('.');
  const isForLinux = guess === '' || guesses.some((tag) => tag.includes('linux_'));
  return (binaries && isForLinux && truestTag(binaries, guess || platform)) || guess;
}

function abiMeant(abi: string, python: string, platform: string): string {
  if (platform === 'any' || /^py\d/.test(python)) return 'none';
  const [, name, digits] = /^([a-z]*)_?(\d+(?:[._]\d+)+)$/.exec(abi) ?? [];
  return digits === undefined ? abi : `${name || 'cp'}${digits.replace(/[._]/g, '')}`;
}
