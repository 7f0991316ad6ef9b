import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What is not decided for good reasons: signs that are no letters, cells that are scrolled out of sight. */
const UNDECIDED =
  /only non-text characters|partially obscured by another element|if the visible text is part of the accessible name/;

/** From now on each page that is opened has axe in it; unlike what is evaluated in a page, the Content-Security-Policy lets that pass. */
export async function bringAxe(page: Page): Promise<void> {
  await page.addInitScript({ content: axe.source });
}

/** What axe finds on a page, and what it is not sure of. */
export async function findBarriers(page: Page): Promise<string[]> {
  const findings = await page.evaluate(runAxe);
  return findings.filter((finding) => !UNDECIDED.test(finding));
}

/** Runs in the page. */
async function runAxe(): Promise<string[]> {
  interface Check {
    message: string;
  }
  interface Finding {
    id: string;
    nodes: { html: string; any: Check[]; all: Check[]; none: Check[] }[];
  }
  const { axe } = window as unknown as { axe: { run(): Promise<Record<'violations' | 'incomplete', Finding[]>> } };
  const { violations, incomplete } = await axe.run();
  return [...violations, ...incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ html, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join(' ');
      return `${id}: ${html.slice(0, 200)} ${why}`;
    }),
  );
}
