import { root } from './page.ts';

/** Where nobody said what the site is called: what the reader's browser calls it. */
export function writeAddresses(): void {
  if (!location.protocol.startsWith('http')) return;
  const site = new URL(root || './', location.href);
  for (const slot of document.querySelectorAll<HTMLElement>('[data-address]')) {
    slot.textContent = new URL(slot.dataset['address'] ?? '', site).href;
    slot.classList.remove('slot');
  }
  for (const slot of document.querySelectorAll<HTMLElement>('[data-trusted-host]')) {
    if (site.protocol === 'http:' && !isTrustedAnyway(site.hostname)) slot.textContent = ` --trusted-host ${site.host}`;
  }
  for (const hint of document.querySelectorAll<HTMLElement>('.no-script')) hint.hidden = true;
}

/** pip asks for no https on the machine itself. */
function isTrustedAnyway(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
