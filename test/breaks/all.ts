/** Breaks that `npm run breaks` tries, one at a time (scripts/breaks.ts). Each was once, or could be, a change that no test noticed. */
import type { Break } from './break.ts';
import { PUBLISH_BREAKS } from './publish.ts';

export type { Break };

export const BREAKS: readonly Break[] = [...PUBLISH_BREAKS];
