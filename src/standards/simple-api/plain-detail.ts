import type { LooseDetail, LooseFile } from './types.ts';

/**
 * The same page with its free text (reasons, requires-python) as both forms can carry it. HTML5 has no way to write
 * control characters, noncharacters and halves of surrogate pairs, not even as references, and knows one line
 * end only: so JSON goes without them too, since both forms must say the same.
 */
export function plainDetail(detail: LooseDetail): LooseDetail {
  const status = detail['project-status'];
  return {
    ...detail,
    ...(status?.reason !== undefined && { 'project-status': { ...status, reason: plainText(status.reason) } }),
    files: detail.files.map(plainFile),
  };
}

function plainFile(file: LooseFile): LooseFile {
  const { 'requires-python': requiresPython, yanked } = file;
  if (isPlain(requiresPython) && isPlain(yanked)) return file;
  return {
    ...file,
    ...(requiresPython !== undefined && { 'requires-python': plainText(requiresPython) }),
    ...(typeof yanked === 'string' && { yanked: plainText(yanked) }),
  };
}

const NOT_PLAIN = /[\0-\x08\x0b-\x1f\x7f-\x9f]|\p{Surrogate}|\p{Noncharacter_Code_Point}/u;
const EACH_NOT_PLAIN = new RegExp(NOT_PLAIN, 'gu');

function isPlain(text: string | true | undefined): boolean {
  return typeof text !== 'string' || !NOT_PLAIN.test(text);
}

function plainText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(EACH_NOT_PLAIN, '\ufffd');
}
