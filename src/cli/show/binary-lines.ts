import { binaryWords, memberWords } from '../../standards/platforms/binary-words.ts';
import { counted } from '../amounts.ts';
import { bold, green, type Line, red, yellow } from '../text.ts';
import { type Field, fieldLines } from './field-lines.ts';
import type { ShownBinaries } from './shown.ts';

/** First what is wrong with the name, then what the wheel needs of a machine, then each member. */
export function binaryLines(binaries: ShownBinaries): Line[] {
  const { faults, truestTag, members } = binaries;
  const fields: Field[] = [...binaryWords(binaries)];
  if (truestTag !== undefined && faults.length > 0) fields.push(['truest tag', truestTag]);
  return [
    ...faults.map(({ what, lie }): Line => ['  ', lie ? red(what) : yellow(what)]),
    ...(faults.length === 0 ? [['  ', green('its name says what it needs')] as Line] : []),
    ...fieldLines(fields),
    '',
    [bold(counted(members.length, 'program or library', 'programs and libraries'))],
    ...members.map((member): Line => `  ${member.path}: ${memberWords(member)}`),
  ];
}
