/** Which C library a program or library is linked with, and how one can tell: best evidence first. */
import type { ElfFacts } from '../../formats/elf.ts';
import type { Evidence } from './binary-facts.ts';
import { newest } from './platform-tag.ts';

type Kind = Evidence['kind'];

export interface LibcEvidence {
  libc: 'glibc' | 'musl';
  kind: Kind;
  value: string;
}

const GLIBC_LIBRARY =
  /^(?:libc\.so\.6(?:\.1)?|ld-linux.*\.so\.\d+|ld64\.so\.\d+|ld\.so\.1|lib(?:pthread|dl|rt|m|util)\.so\.\d|libmvec\.so\.1)$/;
/** Libraries of glibc whose versions of symbols are its own. (libgcc_s of ARM has a GLIBC_2.0 too, also on musl; a wheel's own copies have other names.) */
const GLIBC_VERSIONED =
  /^(?:lib(?:c|m|mvec|dl|rt|util|anl|nsl|crypt|pthread|resolv|thread_db|BrokenLocale)|ld-linux.*|ld64|ld)\.so\.[\d.]+$/;
const MUSL_LIBRARY = /^(?:libc\.musl-.*\.so\.1|ld-musl-.*\.so\.1)$/;
/** What musl's own wrapper of gcc, and Rust, link with; Android too. */
const PLAIN_LIBRARY = 'libc.so';
/** On musl these are one with libc and never asked for by such names; on Android they always are. */
const ANDROID_LIBRARY = /^lib(?:m|dl|log|android)\.so$/;
/** The first CPython that writes the libc into names of extensions; earlier ones wrote -gnu on musl too. */
const HONEST_SUFFIX_SINCE = 311;

/** Undefined when nothing ties it to one: it is static, or asks for no library by a name or version that differs. */
export function libcOf(elf: ElfFacts, member: string): LibcEvidence | undefined {
  const loader = elf.interpreter?.slice(elf.interpreter.lastIndexOf('/') + 1);
  if (loader !== undefined && MUSL_LIBRARY.test(loader)) return musl('loader', elf.interpreter);
  if (loader !== undefined && GLIBC_LIBRARY.test(loader)) return glibc('loader', elf.interpreter);

  const ofMusl = elf.needed.find((name) => MUSL_LIBRARY.test(name));
  if (ofMusl !== undefined) return musl('needs', ofMusl);
  const highest = highestGlibc(elf);
  if (highest !== undefined) return glibc('version', `GLIBC_${highest}`);
  const ofGlibc = elf.needed.find((name) => GLIBC_LIBRARY.test(name));
  if (ofGlibc !== undefined) return glibc('needs', ofGlibc);
  if (elf.needed.includes(PLAIN_LIBRARY)) return musl('needs', PLAIN_LIBRARY);

  const [, python, system] = /\.cpython-(\d+)(?:[A-Za-z_]\w*)?-\w+-(linux-(?:gnu|musl)\w*)\.so$/.exec(member) ?? [];
  if (system?.startsWith('linux-musl')) return musl('suffix', system);
  if (system !== undefined && Number(python) >= HONEST_SUFFIX_SINCE) return glibc('suffix', system);
  return undefined;
}

/**
 * The newest version of glibc that its symbols ask for, `2.17`; GLIBC_PRIVATE and the like are no versions.
 *
 * @param which those that must be there, unless said otherwise
 */
export function highestGlibc(
  { versions }: Pick<ElfFacts, 'versions'>,
  which: 'versions' | 'optional' = 'versions',
): string | undefined {
  const own = versions.filter(({ library }) => GLIBC_VERSIONED.test(library));
  const found = own.flatMap((each) => each[which].map((name) => /^GLIBC_(\d{1,4}(?:\.\d{1,4}){1,2})$/.exec(name)?.[1]));
  return newest(found);
}

/** It asks for what glibc keeps for itself, and may change or drop in any build. */
export function asksForPrivateGlibc({ versions }: Pick<ElfFacts, 'versions'>): boolean {
  return versions.some(({ library, versions }) => GLIBC_VERSIONED.test(library) && versions.includes('GLIBC_PRIVATE'));
}

/** Made for Android's C library, which no Linux has. */
export function isForAndroid({ needed, interpreter, versions }: ElfFacts): boolean {
  return (
    interpreter?.startsWith('/system/') === true ||
    versions.some(({ library, versions }) => library === PLAIN_LIBRARY && versions.includes('LIBC')) ||
    (needed.includes(PLAIN_LIBRARY) && needed.some((name) => ANDROID_LIBRARY.test(name)))
  );
}

function musl(kind: Kind, value = ''): LibcEvidence {
  return { libc: 'musl', kind, value };
}

function glibc(kind: Kind, value = ''): LibcEvidence {
  return { libc: 'glibc', kind, value };
}
