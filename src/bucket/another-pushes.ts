import { KhoError } from '../errors.ts';
import type { ObjectStore } from '../object-store/object-store.ts';

export function anotherPushes(store: ObjectStore, cause?: Error): KhoError {
  return new KhoError('BUCKET', `Cannot publish to "${store.name}": another machine publishes the same site there`, {
    hint: 'let one machine publish there; a copy of the site gets an id of its own when its ".kho-keep/bucket" is removed',
    ...(cause && { cause }),
  });
}
