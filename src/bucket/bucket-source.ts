import type { ObjectBody, ObjectHeaders } from '../object-store/object-store.ts';

/** What a bucket is to hold, as a published site has it. Nothing here knows where a site is kept: tests make sources of their own. */
export interface BucketSource {
  /**
   * Units of which the bucket is to hold something, each once, in the same order each time: projects of all repositories (`project/NAME`), and
   * two that are none. Asked more than once.
   */
  units(): Iterable<SourceUnit>;
  /** Whether an object that is published no longer goes without the grace: what not everybody may read any more. */
  goesAtOnce?(key: string): boolean;
}

/** What pages of all projects use, such as their style: it comes to its place before any of them. */
export const BASE_UNIT = 'base';
/** What names all projects: it comes to its place when all of them have. No other unit has objects of the steps `list` and `sync-head`. */
export const LISTS_UNIT = 'lists';

export interface SourceUnit {
  name: string;
  /** Changes whenever anything of the unit does, and is cheap to tell: where it is as it was when the unit was pushed, `objects` is not asked. */
  print: string;
  objects(): Iterable<BucketObject> | Promise<Iterable<BucketObject>>;
}

/**
 * In which step of a push an object comes to its place, which is safe anywhere it stops: what is linked to before what links to it. What goes does so in the
 * opposite order.
 */
export const OBJECT_STEPS = ['package', 'companion', 'page', 'list', 'sync-head'] as const;
export type ObjectStep = (typeof OBJECT_STEPS)[number];

export interface BucketObject {
  /** From the store's prefix: the path from the site's root. A page is of the same unit always; a package may become another one's. */
  key: string;
  step: ObjectStep;
  headers: ObjectHeaders;
  /** Tells its content from another without reading it; the content may be the same where it differs. */
  stamp: string;
  /** Its content, hashed only when asked for. @throws an error of Node, or KhoError READ */
  open(): ObjectBody;
}
