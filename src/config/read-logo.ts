/** The picture that `logo` in kho.toml names. */
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { readStart } from '../io/open-file.ts';
import { type Picture, pictureOf } from '../standards/picture.ts';

/** In bytes: it comes with the first page that somebody opens, which is to stay small. */
export const LOGO_LIMIT = 24 * 1024;

/** What is wrong with the name, to be read after the key's name; undefined when nothing is. */
export function logoFault(text: string): string | undefined {
  if (!/\.(?:svg|png|webp|jpe?g)$/i.test(text)) return 'must name a picture that ends in .svg, .png, .webp or .jpg';
  if (/[\p{Cc}\\]/u.test(text)) return 'may hold no backslashes or control characters';
  if (text.split('/').some((part) => part === '' || part.startsWith('.')))
    return 'must be a path from the site\'s folder, like "logo.svg", without ".." and names that begin with a dot';
  return undefined;
}

export interface Logo extends Picture {
  bytes: Uint8Array;
}

/**
 * A link is not followed: it could lead to what nobody is to see.
 *
 * @param root of the site
 * @param path without a fault
 * @throws {KhoError} CONFIG
 */
export function readLogo(root: string, path: string): Logo {
  const cannot = (why: string, hint: string, cause?: unknown) =>
    new KhoError('CONFIG', `Cannot use "${path}" as logo: ${why}`, { hint, ...(cause !== undefined && { cause }) });
  let bytes: Uint8Array;
  try {
    bytes = readStart(join(root, path), LOGO_LIMIT + 1);
  } catch (cause) {
    throw cannot(
      'it cannot be read',
      "put the picture into the site's folder, itself and no link, or take logo out of kho.toml",
      cause,
    );
  }
  if (bytes.length > LOGO_LIMIT)
    throw cannot(
      `it is larger than ${LOGO_LIMIT.toLocaleString('en')} bytes`,
      'make it smaller: it is shown 32 pixels high',
    );
  const picture = pictureOf(bytes);
  if (!picture) throw cannot('it is no SVG, PNG, WebP or JPEG', 'save it as one of these');
  return { ...picture, bytes };
}
