import { inColumns } from '../amounts.ts';
import { dim, type Line } from '../text.ts';

/** A label and its value. */
export type Field = readonly [string, string];

/** A label is shown once, also where several values follow one another. */
export function fieldLines(fields: readonly Field[]): Line[] {
  const cells = inColumns(
    fields.map(([label, value], index) => [label === fields[index - 1]?.[0] ? '' : label, value]),
  );
  return cells.map(([label = '', value = '']): Line => ['  ', dim(label), `  ${value}`]);
}
