/** Breaks that `npm run breaks` tries, one at a time (scripts/breaks.ts). Each was once, or could be, a change that no test noticed. */
import type { Break } from './break.ts';
import { BUCKET_PUSH_BREAKS } from './bucket-push.ts';
import { BUCKET_BREAKS } from './buckets.ts';
import { CARRIER_BREAKS } from './carrier.ts';
import { CATALOG_BREAKS } from './catalog.ts';
import { CENTRE_BREAKS } from './centre.ts';
import { EDGE_BREAKS } from './edge.ts';
import { FETCH_BREAKS } from './fetch.ts';
import { INTAKE_BREAKS } from './intake.ts';
import { OBJECT_STORE_BREAKS } from './object-store.ts';
import { PUBLISH_BREAKS } from './publish.ts';
import { RENDER_AND_SERVE_BREAKS } from './render-and-serve.ts';
import { SUPPLY_CHAIN_BREAKS } from './supply-chain.ts';

export type { Break };

export const BREAKS: readonly Break[] = [
  ...PUBLISH_BREAKS,
  ...INTAKE_BREAKS,
  ...FETCH_BREAKS,
  ...CATALOG_BREAKS,
  ...BUCKET_BREAKS,
  ...BUCKET_PUSH_BREAKS,
  ...CARRIER_BREAKS,
  ...RENDER_AND_SERVE_BREAKS,
  ...SUPPLY_CHAIN_BREAKS,
  ...CENTRE_BREAKS,
  ...EDGE_BREAKS,
  ...OBJECT_STORE_BREAKS,
];
