import { EMPTY_INDEX, type Examination, NO_INDEX } from '../../doctor/examine.ts';
import { BUCKET_CHECKS, CHECKS, type Finding, FOLDER_CHECKS, NO_BUCKET } from '../../doctor/finding.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../text.ts';

const WORDS: Record<Finding['result'], Span> = {
  fine: green('fine   '),
  note: yellow('note   '),
  failed: red('failed '),
  'not looked at': dim('-      '),
};

const INDENT = ' '.repeat(10);

/** Said once for all checks that are not made for such a reason. */
const UNSEEN: [what: string, words: string][] = [
  [NO_INDEX, 'all other checks need an index'],
  [NO_BUCKET, 'all other checks need a bucket that can be used'],
  [EMPTY_INDEX, 'all other checks need a project: look again once there is one'],
];

function isUnseen({ result, what }: Finding, why: string): boolean {
  return result === 'not looked at' && what === why;
}

export function doctorLines({ url, server, findings }: Examination): Line[] {
  const count = (result: Finding['result']) => findings.filter((finding) => finding.result === result).length;
  const isWrong = count('failed') + count('note') > 0;
  const hasGenerator = server === 'nginx' || server === 'apache' || server === 'caddy';
  return [
    [bold(url), server === 'other' ? '' : ` (${server})`],
    ...findings.filter((finding) => !UNSEEN.some(([what]) => isUnseen(finding, what))).flatMap(findingLines),
    ...UNSEEN.filter(([what]) => findings.some((finding) => isUnseen(finding, what))).map(
      ([, words]): Line => ['  ', WORDS['not looked at'], ` ${words}`],
    ),
    '',
    `${count('fine')} fine, ${count('note')} to note, ${count('failed')} failed`,
    ...(isWrong && hasGenerator ? [`kho config ${server} prints a configuration that has all of it right`] : []),
  ];
}

function findingLines({ check, result, what, hint }: Finding): Line[] {
  const [first = '', ...more] = hint?.split('\n') ?? [];
  return [
    ['  ', WORDS[result], ` ${{ ...CHECKS, ...FOLDER_CHECKS, ...BUCKET_CHECKS }[check]} `, dim(`[${check}]`)],
    ...(what === undefined ? [] : [`${INDENT}${what}`]),
    ...(hint === undefined ? [] : [[dim(`${INDENT}hint: ${first}`)]]),
    ...more.map((line): Line => [dim(`${INDENT}    ${line.replaceAll('\t', '  ')}`)]),
  ];
}
