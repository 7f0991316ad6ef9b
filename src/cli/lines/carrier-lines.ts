import type { PackResult } from '../../carrier/pack.ts';
import type { UnpackResult } from '../../carrier/unpack.ts';
import { counted, inBytes } from '../amounts.ts';
import { bold, type Line } from '../text.ts';
import { lockLine, shownPull } from './pull-lines.ts';

/** Also the README on the disk names these words. */
const NOTHING_IS_WRITTEN_ANY_MORE = 'the disk may be taken out';

/** What went onto disks, or would. */
export function packLines({ edge, counter, wanted, disks }: PackResult, isDryRun: boolean): Line[] {
  const lacks =
    wanted.files === 0 ? 'has all of it' : `lacks ${counted(wanted.files, 'file')}, ${inBytes(wanted.bytes)}`;
  return [
    [bold(edge), ` ${lacks}, of the state ${counter}`],
    ...(isDryRun
      ? []
      : disks.map(
          ({ shown, written, bytes, there }): Line =>
            `  ${shown}: ${counted(written, 'file')} written, ${inBytes(bytes)}; ${counted(there, 'file')} there before`,
        )),
    ...(isDryRun ? [] : [NOTHING_IS_WRITTEN_ANY_MORE]),
  ];
}

/** As JSON. */
export function shownPack({ edge, counter, wanted, disks, lacking }: PackResult): object {
  return { edge, counter, wanted, disks: disks.map(({ shown, ...each }) => ({ disk: shown, ...each })), lacking };
}

/** What came from a disk, or would. */
export function unpackLines(result: UnpackResult, isDryRun: boolean): Line[] {
  const { into, edge, head, bytes, came, locks, gone, marked } = result;
  const amount = isDryRun ? `${inBytes(bytes)} to take, if the disk has it` : `${inBytes(came)} came from the disk`;
  return [
    [bold(into), ` of ${edge}, by the state ${head.counter}: ${amount}`],
    ...locks.map((lock) => lockLine(lock, isDryRun)),
    ...(marked > 0 ? [`  ${counted(marked, 'file')} marked as there`] : []),
    ...gone.map((filename) => `  goes ${filename}: no kept closure names it`),
    ...(result.isGone ? [] : [NOTHING_IS_WRITTEN_ANY_MORE]),
  ];
}

/** As JSON. */
export function shownUnpack(result: UnpackResult): object {
  return { edge: result.edge, ...shownPull(result, result.came) };
}
