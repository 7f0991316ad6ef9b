/** Pages packed beside themselves, as web servers look for them: `index.html.gz` and `index.html.br` beside `index.html`. */
import { pack } from '../standards/http/pack.ts';
import type { Page } from './page.ts';

/** What is written for a page: itself, or one of its packed forms. */
export interface PageFile {
  path: string;
  inputs: string;
  render(): string | Uint8Array | Promise<string | Uint8Array>;
}

export interface PackedForm {
  path: string;
  coding: 'gzip' | 'br';
}

/** Pictures and fonts are packed already. */
const IS_PACKED = /\.(?:png|jpe?g|gif|webp|avif|ico|woff2?)$/;

/** @param path of a page */
export function packedForms(path: string): PackedForm[] {
  if (IS_PACKED.test(path)) return [];
  return [
    { path: `${path}.gz`, coding: 'gzip' },
    { path: `${path}.br`, coding: 'br' },
  ];
}

/** Each page followed by its packed forms: moved in this order, they change as nearly together as a disk can. */
export function withPackedForms(pages: readonly Page[]): PageFile[] {
  return pages.flatMap((page) => {
    let made: ReturnType<Page['render']> | undefined;
    const render = () => {
      made ??= page.render();
      return made;
    };
    const { path, inputs } = page;
    const forms = packedForms(path).map(
      (form): PageFile => ({
        path: form.path,
        inputs,
        render: async () => pack(Buffer.from(await render()), form.coding),
      }),
    );
    return [{ path, inputs, render }, ...forms];
  });
}
