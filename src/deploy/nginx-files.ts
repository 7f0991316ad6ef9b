/** How nginx reads files: packed forms of pages, and links. Pure. */
import type { DeployedSite } from './deployed-site.ts';

export interface NginxModules {
  gzipStatic: boolean;
  brotliStatic: boolean;
}

/** On for pages that kho has packed already (precompress in kho.toml), off for packages. */
export function packedLines({ gzipStatic, brotliStatic }: NginxModules, state: 'on' | 'off'): string {
  const indent = state === 'on' ? '    ' : '        ';
  const about = [
    '# Beside each page kho writes it packed (precompress): sent as it is, instead of packing it for each client.',
    '# brotli_static needs ngx_brotli; where nginx has that, take its two # away, here and at packages.',
  ];
  const lines = [
    ...(state === 'on' ? about.slice(0, brotliStatic ? 1 : 2) : []),
    `${gzipStatic ? '' : '# '}gzip_static ${state};`,
    `${brotliStatic ? '' : '# '}brotli_static ${state};`,
  ];
  return lines.map((line) => `${indent}${line}\n`).join('');
}

/**
 * Whoever may upload could otherwise publish any file of the machine, by a link to it. Uploads come to packages/ only, so
 * that is enough; it stands for the whole site where it can: ngx_brotli finds next to nothing under it.
 */
export function symlinkLines({ linked }: DeployedSite, indent: string): string {
  const line = 'disable_symlinks if_not_owner from=$document_root;';
  if (linked.length === 0) return `${indent}${line}  # an uploaded link to somebody else's file is not followed\n`;
  return `${indent}# ${linked.join(', ')}: linked to from the site. With this line the links must belong to the owners of their targets.
${indent}# ${line}\n`;
}
