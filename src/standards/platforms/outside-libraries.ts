/**
 * Libraries that a wheel needs and does not bring.
 *
 * Source: PEP 600 and PEP 656, and the libraries that their profiles allow today.
 */
import type { BinaryFacts, ElfMember } from './binary-facts.ts';

/** Every Linux with glibc that people use has them. */
const WITH_GLIBC = new Set(
  `libgcc_s.so.1 libstdc++.so.6 libm.so.6 libmvec.so.1 libanl.so.1 libdl.so.2 librt.so.1 libc.so.6 libc.so.6.1 libnsl.so.1 libutil.so.1
   libpthread.so.0 libresolv.so.2 libX11.so.6 libXext.so.6 libXrender.so.1 libICE.so.6 libSM.so.6 libGL.so.1 libgobject-2.0.so.0
   libgthread-2.0.so.0 libglib-2.0.so.0 libexpat.so.1 libz.so.1 libatomic.so.1`.split(/\s+/),
);
const GLIBC_LOADER = /^(?:ld-linux.*|ld64|ld)\.so\.\d+$/;
/** musl is all of these in one; libstdc++ and libgcc_s have to be brought along. */
const WITH_MUSL =
  /^(?:libc\.so|libc\.musl-.*\.so\.1|ld-musl-.*\.so\.1|libz\.so\.1|lib(?:c|pthread|rt|m|dl|util|xnet)\..*)$/;

/** Each once, sorted. */
export function outsideLibraries(
  members: readonly ElfMember[],
  paths: Iterable<string>,
  libc: BinaryFacts['libc'],
): string[] {
  const needed = new Set(members.flatMap(({ elf }) => elf.needed));
  for (const name of needed) if (isEverywhere(name, libc)) needed.delete(name);
  if (needed.size === 0) return [];
  for (const { elf } of members) needed.delete(elf.soname ?? '');
  for (const path of paths) needed.delete(path.slice(path.lastIndexOf('/') + 1));
  return [...needed]
    .map(baseName)
    .filter((name) => name !== '')
    .sort();
}

function isEverywhere(name: string, libc: BinaryFacts['libc']): boolean {
  return libc === 'musl' ? WITH_MUSL.test(name) : WITH_GLIBC.has(name) || GLIBC_LOADER.test(name);
}

/** What is needed by its path is looked for there only; its name is what people know. */
function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
