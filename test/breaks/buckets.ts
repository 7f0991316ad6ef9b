import type { Break } from './break.ts';

/** Of pushing to buckets. Each is found by lives drawn from seeds; `npm run simulate -- --breaks` measures by how many. */
export const BUCKET_BREAKS: readonly Break[] = [];
