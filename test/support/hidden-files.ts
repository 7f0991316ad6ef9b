import { readdirSync } from 'node:fs';

/** Whatever bears a name that kho gives to what is on its way, below a folder; paths from it. */
export function hiddenFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)\.kho-(?!keep(?:$|\/(?:origins|names)$))/.test(path))
    .sort();
}
