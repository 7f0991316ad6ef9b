import type { Texts } from './texts.ts';

const SHOWN_MS = 2000;

export function offerCopying(texts: Texts): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const source = button.parentElement?.querySelector('code');
    if (!source) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const key = (await copy(source)) ? 'copied' : 'copyFailed';
      button.textContent = texts.text(key);
      button.setAttribute('aria-live', 'polite');
      setTimeout(() => {
        button.textContent = texts.text('copy');
      }, SHOWN_MS);
    });
  }
}

/** Over plain HTTP browsers have no clipboard to write to: there the text is selected, and copied as by hand. */
async function copy(source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return document.execCommand('copy');
  }
}
