import type { ObjectBody, ObjectHeaders } from '../object-store/object-store.ts';

/** What a bucket is to hold, as a published site has it. Nothing here knows where a site is kept: tests make sources of their own. */
export interface BucketSource {
  /** Units of which the bucket may hold something, each once, sorted: a project of all repositories (`project/NAME`), or what names all projects (`lists`). */
  units(): Iterable<SourceUnit>;
}

export interface SourceUnit {
  name: string;
  /** Changes whenever anything of the unit does, and is cheap to tell: where it is as it was when the unit was pushed, `objects` is not asked. */
  print: string;
  objects(): Iterable<WantedObject> | Promise<Iterable<WantedObject>>;
}

/**
 * In which step of a push an object comes to its place, which is safe anywhere it stops: what is linked to before what links to it. What goes does so in the
 * opposite order.
 */
export const OBJECT_STEPS = ['package', 'companion', 'page', 'list', 'sync-head'] as const;
export type ObjectStep = (typeof OBJECT_STEPS)[number];

export interface WantedObject {
  /** From the store's prefix: the path from the site's root. */
  key: string;
  step: ObjectStep;
  headers: ObjectHeaders;
  /** Tells its content from another without reading it; the content may be the same where it differs. */
  stamp: string;
  /** Its content, hashed only when asked for. @throws an error of Node, or KhoError READ */
  open(): ObjectBody;
}
