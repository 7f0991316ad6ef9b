/** `kho token …`: what its commands do. */
import { addToken, listTokens, type MadeToken, removeToken, rotateToken } from '../../access/edit-tokens.ts';
import { RIGHTS, type Right } from '../../access/token.ts';
import { damagedLines } from '../../access/token-store.ts';
import { didYouMean } from '../../config/did-you-mean.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { readLog } from '../../log/read-log.ts';
import { quoted } from '../../standards/quoted.ts';
import { counted } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { clientLines } from './client-lines.ts';
import { madeLines, tokenTable, toShown } from './token-lines.ts';

interface Common {
  site?: string | undefined;
  json?: true | undefined;
}

interface AddOptions extends Common {
  to?: string[] | undefined;
  projects?: string[] | undefined;
  /** With commas. */
  rights: string;
  days: number | 'never';
}

export async function addOne(
  name: string,
  { to = [], projects = [], rights, days, ...common }: AddOptions,
): Promise<void> {
  const { config, doer } = await openForDoer(common, 'writes');
  const wanted = {
    name,
    rights: parseRights(rights),
    repositories: to,
    projects,
    ...(days !== 'never' && { expiresMs: doer.now + days }),
  };
  tell(config, await addToken(config, wanted, doer), common);
}

export async function listAll(common: Common): Promise<void> {
  const { config, doer } = await openForDoer(common, 'reads');
  const { tokens, damaged } = listTokens(config);
  const used = lastUsed(config.root);
  const shown = tokens.map((token) => toShown(token, used.get(token.name)));
  if (common.json) {
    terminal.stdout(printableJson({ tokens: shown, damaged }));
    return;
  }
  if (damaged > 0) terminal.say([`kho: ${damagedLines(config.root, damaged)}`]);
  if (tokens.length === 0)
    terminal.say(['kho: there are no tokens: nobody may upload', 'hint: kho token add NAME makes one']);
  terminal.print(tokenTable(shown, doer.now));
}

export async function removeOne(name: string, common: Common): Promise<void> {
  const { config, doer } = await openForDoer(common, 'writes');
  const removed = await removeToken(config, name, doer);
  if (common.json) {
    terminal.stdout(printableJson({ name, removed }));
    return;
  }
  terminal.print([`${name} lets nobody in any more${removed > 1 ? ` (${counted(removed, 'secret')})` : ''}`]);
  terminal.say([`kho: "kho log --token ${name}" lists what was done with it`]);
}

export async function rotateOne(name: string, { overlap, ...common }: Common & { overlap: number }): Promise<void> {
  const { config, doer } = await openForDoer(common, 'writes');
  const made = await rotateToken(config, name, overlap, doer);
  tell(config, made, common, overlap > 0 ? made.oldUntilMs : doer.now);
}

function tell(config: SiteConfig, { secret, token }: MadeToken, { json }: Common, oldUntilMs?: number): void {
  if (json) {
    terminal.stdout(printableJson({ token: secret, ...toShown(token, undefined) }));
    return;
  }
  terminal.print([...madeLines(secret, token, oldUntilMs), ...clientLines(secret, token, config)]);
}

/** By the name of a token, when it last changed something. ISO 8601. */
function lastUsed(root: string): Map<string, string> {
  const used = new Map<string, string>();
  for (const { events } of readLog(root))
    for (const { who, time, event } of events) if (who !== undefined && event !== 'auth-failed') used.set(who, time);
  return used;
}

function parseRights(text: string): Right[] {
  return text.split(',').map((word) => {
    const right = RIGHTS.find((each) => each === word.trim());
    if (right) return right;
    throw new KhoError(
      'USAGE',
      `Cannot give the right ${quoted(word.trim())}: there is none of this name${didYouMean(word.trim(), RIGHTS)}`,
      {
        hint: `the rights are ${RIGHTS.join(', ')}; write several with commas between them`,
      },
    );
  });
}
