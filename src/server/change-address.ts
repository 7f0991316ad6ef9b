import { type AskedAction, CHANGE_ACTIONS, REPORT } from '../changes/change-order.ts';
import { parseRequestPath } from './request-path.ts';

/**
 * What a POST to `/-/yank`, `/-/report` and so on asks for. No repository gives up its name for that: one that is called `-` takes uploads at `/-/upload`.
 *
 * @param target as it stands in the request line
 */
export function changeAddress(target: string): AskedAction | undefined {
  const path = parseRequestPath(target);
  if (typeof path === 'string') return undefined;
  const [first, second, ...more] = path.segments;
  return first === '-' && more.length === 0
    ? ([...CHANGE_ACTIONS, REPORT] as const).find((action) => action === second)
    : undefined;
}
