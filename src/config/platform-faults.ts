/** What is wrong with a text that says for which machines a repository is; to be read after it, undefined when nothing is. */
import { architecturesOf, PLATFORM_NAMES, readArchitecture, readPlatform } from '../standards/platforms/platform.ts';
import { didYouMean } from './did-you-mean.ts';

/** In place of a platform: all of them. */
export const EVERYTHING = '*';

export function platformFault(text: string): string | undefined {
  if (text === EVERYTHING || readPlatform(text)) return undefined;
  const meant = didYouMean(text, PLATFORM_NAMES);
  return `is no platform like "musl-x86_64", "glibc" or "armhf"${meant || ' (docs/config.md lists them)'}`;
}

export function architectureFault(text: string): string | undefined {
  if (readArchitecture(text, 'glibc') !== undefined) return undefined;
  return `is no architecture that kho knows${didYouMean(text, architecturesOf('glibc'))}`;
}

export function glibcFault(text: string): string | undefined {
  return /^2\.\d{1,3}$/.test(text) ? undefined : 'must be a version of glibc like "2.31"; ldd --version tells it';
}

export function muslFault(text: string): string | undefined {
  return /^1\.\d{1,2}(?:\.\d{1,2})?$/.test(text) ? undefined : 'must be a version of musl like "1.2.3"; ldd tells it';
}
