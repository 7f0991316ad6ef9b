/** Data comes as scripts that call a function of the page: a page from a disk may load those, and nothing else. */

/** Resolves when the script ran, or could not be had. */
export function loadScript(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = address;
    script.addEventListener('load', () => resolve(true));
    script.addEventListener('error', () => resolve(false));
    document.head.append(script);
  });
}
