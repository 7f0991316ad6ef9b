/** Values of JSON from outside, of which nothing is believed. */

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** As kho writes times. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value);
}

/**
 * The fields of an object, also of one that is still text. What is asked of them and is not there is undefined: nothing is inherited,
 * whatever the names in it.
 */
export function fieldsOf(value: unknown, fail: (why: string) => Error): Partial<Record<string, unknown>> {
  let object = value;
  if (typeof value === 'string') {
    try {
      object = JSON.parse(value);
    } catch {
      throw fail('it is no JSON');
    }
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw fail('it is no object');
  return Object.assign(Object.create(null), object);
}
