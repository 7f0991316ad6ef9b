import type { SiteConfig } from '../config/site-config.ts';
import type { FileRecord } from '../publish/manifest.ts';
import { judgeName, type NameOrigin } from './judge-name.ts';
import { readOrigins } from './origins.ts';
import { isOwnFile } from './own-files.ts';
import { readNames } from './own-names.ts';

/** All files of a project that the site has, listed or held; none of one that it does not have. */
export type FilesOf = (name: string) => readonly Pick<FileRecord, 'path' | 'facts'>[];

export interface NameBook {
  /** @param name normalized */
  originOf(name: string): NameOrigin;
  /** Names that are remembered, whether there is a file of them or not. */
  remembered: readonly string[];
}

/**
 * What names are, as long as nothing changes.
 *
 * @throws {KhoError} SITE, READ where what is remembered cannot be believed: then no other index may be asked for anything
 */
export function openNameBook(config: SiteConfig, filesOf: FilesOf): NameBook {
  const names = readNames(config.root);
  const { origins } = readOrigins(config.root);
  const hasOwnFiles = (name: string) => filesOf(name).some((file) => isOwnFile(file, origins));
  return {
    originOf: (name) => judgeName(name, config, names.get(name), hasOwnFiles(name)),
    remembered: [...names.keys()],
  };
}
