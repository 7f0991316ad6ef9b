import { type Examination, NO_INDEX } from '../../doctor/examine.ts';
import { CHECKS, type Finding, FOLDER_CHECKS } from '../../doctor/finding.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../text.ts';

const WORDS: Record<Finding['result'], Span> = {
  fine: green('fine   '),
  note: yellow('note   '),
  failed: red('failed '),
  'not looked at': dim('-      '),
};

const INDENT = ' '.repeat(10);

export function doctorLines({ url, server, findings }: Examination): Line[] {
  const count = (result: Finding['result']) => findings.filter((finding) => finding.result === result).length;
  const isWrong = count('failed') + count('note') > 0;
  const known = server === 'nginx' || server === 'apache' || server === 'caddy';
  return [
    [bold(url), server === 'other' ? '' : ` (${server})`],
    ...findings.filter(({ what }) => what !== NO_INDEX).flatMap(findingLines),
    ...(findings.some(({ what }) => what === NO_INDEX)
      ? [['  ', WORDS['not looked at'], ' all other checks need an index']]
      : []),
    '',
    `${count('fine')} fine, ${count('note')} to note, ${count('failed')} failed`,
    ...(isWrong && known ? [`kho config ${server} prints a configuration that has all of it right`] : []),
  ];
}

function findingLines({ check, result, what, hint }: Finding): Line[] {
  const [first = '', ...more] = hint?.split('\n') ?? [];
  return [
    ['  ', WORDS[result], ` ${{ ...CHECKS, ...FOLDER_CHECKS }[check]} `, dim(`[${check}]`)],
    ...(what === undefined ? [] : [`${INDENT}${what}`]),
    ...(hint === undefined ? [] : [[dim(`${INDENT}hint: ${first}`)]]),
    ...more.map((line): Line => [dim(`${INDENT}    ${line.replaceAll('\t', '  ')}`)]),
  ];
}
