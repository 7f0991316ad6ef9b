import { KhoError } from '../errors.ts';

/** What cannot be read, or not be believed, is not told of. */
export function believed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof KhoError) return undefined;
    throw error;
  }
}
