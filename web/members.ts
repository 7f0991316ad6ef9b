/** Search in the tree of a package's members. */
export function offerMemberSearch(): void {
  const input = document.querySelector<HTMLInputElement>('input[data-filter="members"]');
  const tree = document.querySelector('[data-filter-list]');
  if (!input || !tree) return;
  const label = input.closest<HTMLElement>('[hidden]');
  if (label) label.hidden = false;

  const folders = [...tree.querySelectorAll('details')];
  const wereOpen = new Set(folders.filter((folder) => folder.open));
  const members = [...tree.querySelectorAll<HTMLElement>('li:not(.folder)')].map((item) => ({
    item,
    path: pathOf(item).toLowerCase(),
  }));

  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase();
    for (const { item, path } of members) item.hidden = !path.includes(wanted);
    // The deepest first: a folder is shown when something in it is.
    for (const folder of folders.slice().reverse()) {
      const isShown = folder.querySelector('li:not(.folder):not([hidden])') !== null;
      if (folder.parentElement) folder.parentElement.hidden = !isShown;
      folder.open = wanted === '' ? wereOpen.has(folder) : isShown;
    }
  });
}

/** `package/module.py`, put together from the folders it is in. */
function pathOf(item: HTMLElement): string {
  let path = item.firstChild?.textContent?.trim() ?? '';
  for (let above = item.parentElement?.closest('.folder'); above; above = above.parentElement?.closest('.folder')) {
    path = (above.querySelector('summary')?.firstChild?.textContent?.trim() ?? '') + path;
  }
  return path;
}
