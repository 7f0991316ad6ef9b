/**
 * What stands where on a disk that is carried to an edge. All of it lies below one folder, in plain files, under names that every file system of
 * such disks takes: lower case, no `+`, nothing that Windows reserves, no piece as long as FAT32 has room for.
 *
 * ```
 * kho-carrier/README.txt
 * kho-carrier/objects/ab/SHA256            packages, and what lies beside them; catalogues too
 * kho-carrier/objects/ab/SHA256.000 .001   the same of what is longer than a piece
 * kho-carrier/edges/EDGE/head.json         last of all: what the centre has, byte for byte
 * kho-carrier/edges/EDGE/SHA256.sig        the signature of the head that has this sha256
 * kho-carrier/edges/EDGE/carried.json      the objects that this head needs, so that others may go
 * kho-carrier/edges/EDGE/state.json        by `kho unpack`: what EDGE has
 * ```
 */

export const CARRIER_FOLDER = 'kho-carrier';
export const README = 'README.txt';
export const OBJECTS = 'objects';
export const EDGES = 'edges';
export const EDGE_FILES = { head: 'head.json', carried: 'carried.json', state: 'state.json' } as const;

/** FAT32 ends at 4 GiB − 1, and some programs at 2 GiB. In bytes. */
export const PIECE_BYTES = 2 * 1024 ** 3;

/** Of one object: three digits count them. */
const PIECES_LIMIT = 1000;

const EDGE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
/** Windows opens a device under these. Source: "Naming Files, Paths, and Namespaces" (Microsoft Learn). */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** Why an edge cannot be called that, in words that follow its name. */
export function edgeNameFault(name: string): string | undefined {
  if (!EDGE_NAME.test(name)) return 'it may have up to 32 small letters, digits and dashes';
  return DEVICE.test(name) ? 'Windows opens a device under that name' : undefined;
}

/** From the carrier's folder. */
export function objectFolder(sha256: string): string {
  return `${OBJECTS}/${sha256.slice(0, 2)}`;
}

/** Names of its files, in order, in the folder of the object. @throws {RangeError} for what has more pieces than names */
export function pieceNames(sha256: string, size: number, pieceBytes: number): string[] {
  const count = Math.ceil(size / pieceBytes);
  if (count > PIECES_LIMIT) throw new RangeError(`${size} bytes are more than ${PIECES_LIMIT} pieces`);
  if (count <= 1) return [sha256];
  return Array.from({ length: count }, (_, index) => `${sha256}.${String(index).padStart(3, '0')}`);
}

/** Of which object a file is. */
export function objectOf(name: string): string | undefined {
  return /^([0-9a-f]{64})(?:\.[0-9]{3})?$/.exec(name)?.[1];
}
