/**
 * What may stand beside a package FILE, as FILE.kind. One line here is all that a further kind needs to be found, named with its package,
 * copied, served, and moved along; what it says of the package, `READERS` in index/describe-files.ts has to tell, or the compiler complains.
 *
 * Source: PEP 503 (signatures), PEP 592 (yanked), PEP 658 (metadata), PEP 740 (provenance).
 */

interface SideFileKind {
  writtenBy: 'kho' | 'people';
  /** When a wheel is written anew under a truer name, what is about its bytes stays with the old one. */
  about: 'bytes' | 'release';
  /** As what clients get it; absent: they do not. */
  mediaType?: string;
  /** Before its stamp in the state of a file (scan/file-state.ts). Those that kho writes have none: they change nothing. */
  mark?: string;
}

const KINDS = {
  yanked: { writtenBy: 'people', about: 'release', mark: 'y' },
  asc: { writtenBy: 'people', about: 'bytes', mark: 'a', mediaType: 'application/pgp-signature' },
  provenance: {
    writtenBy: 'people',
    about: 'bytes',
    mark: 'p',
    mediaType: 'application/vnd.pypi.integrity.v1+json',
  },
  metadata: { writtenBy: 'kho', about: 'bytes', mediaType: 'text/plain' },
} as const satisfies Readonly<Record<string, SideFileKind>>;

type Kinds = typeof KINDS;
export type SideFile = keyof Kinds;

/** What comes along with a file that is uploaded over HTTP, as the side-file that it becomes. */
export const UPLOADED_SIDE_FILES = { signature: 'asc', attestations: 'provenance' } as const satisfies Record<
  string,
  SideFile
>;

/** Of those that people put there. */
export type PeoplesSideFile = {
  [Kind in SideFile]: Kinds[Kind]['writtenBy'] extends 'people' ? Kind : never;
}[SideFile];

/** The same in a shape that each kind has. */
export const SIDE_FILE_KINDS: Readonly<Record<SideFile, SideFileKind>> = KINDS;
export const SIDE_FILES = Object.keys(KINDS) as readonly SideFile[];

const isOfPeople = (side: SideFile): side is PeoplesSideFile => SIDE_FILE_KINDS[side].writtenBy === 'people';

export const PEOPLES_SIDE_FILES: readonly PeoplesSideFile[] = SIDE_FILES.filter(isOfPeople);

/** Clients may read them, at the address of the package with `.kind` behind. */
export const SERVED_SIDE_FILES = SIDE_FILES.filter((side) => SIDE_FILE_KINDS[side].mediaType !== undefined);

/** Published as they are, so `kho build --out` copies them. */
export const COPIED_SIDE_FILES = PEOPLES_SIDE_FILES.filter((side) => SIDE_FILE_KINDS[side].mediaType !== undefined);

/** Whether somebody vouched for these bytes, and for no others. */
export function isAboutBytes(side: SideFile): boolean {
  return isOfPeople(side) && SIDE_FILE_KINDS[side].about === 'bytes';
}

/** For regular expressions of every language: `asc|provenance|…`. */
export const SERVED_ENDINGS = SERVED_SIDE_FILES.join('|');

const SERVED_ENDING = new RegExp(`\\.(${SERVED_ENDINGS})$`);

/** What a path is the side-file of, by the end of its name; undefined for a package itself. */
export function servedSideOf(path: string): SideFile | undefined {
  return SERVED_ENDING.exec(path)?.[1] as SideFile | undefined;
}
