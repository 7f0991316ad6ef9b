/** What is known of the projects of a site, for pages: not of those whose names somebody has said to be own. */
import { type AdvisoryBook, openAdvisories } from '../advisories/advisory-book.ts';
import { knownHoles, severityWord } from '../advisories/known-holes.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { isSaidOwn } from '../names/judge-name.ts';
import { openNameBook } from '../names/name-book.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { ShownHole } from '../render/web/model.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import { believed } from './believed.ts';

/** What pages of this run tell of. */
export interface KnownAdvisories {
  /** Stands for all of it, as far as it does not depend on which projects there are. */
  print: string;
  /** By name, of projects that the site has. Made when it is asked for: that costs more than the rest. */
  ofSite(has: (name: string) => boolean): ReadonlyMap<string, readonly Advisory[]>;
}

/** As it was read last: a build looks before whether there is something new. */
export function knownForPages(config: SiteConfig): KnownAdvisories {
  const { advisories, root } = config;
  return advisories ? known(openAdvisories(root, advisories.from), config) : { print: '', ofSite: () => new Map() };
}

function known(book: AdvisoryBook | undefined, config: SiteConfig): KnownAdvisories {
  // Where nobody can tell whose names are, nothing is told of any. What nobody has decided does not matter here, so it needs no files.
  const names = believed(() => openNameBook(config, () => []));
  const isOwn = (name: string) => {
    const origin = names?.originOf(name);
    return origin === undefined || isSaidOwn(origin);
  };
  return {
    print: fingerprint([book?.about.generation, config.own, config.shared, names?.remembered.filter(isOwn).sort()]),
    ofSite(has) {
      const found = new Map<string, readonly Advisory[]>();
      for (const name of book?.projects() ?? []) {
        const advisories = has(name) && !isOwn(name) ? book?.of(name as NormalizedName) : undefined;
        if (advisories) found.set(name, advisories);
      }
      return found;
    },
  };
}

export function shownHoles(advisories: readonly Advisory[], version: string): ShownHole[] {
  return knownHoles(advisories, version).map((hole) => ({
    ...{ id: hole.id, aliases: hole.aliases, summary: hole.summary, fixed: hole.fixed },
    severity: severityWord(hole),
  }));
}
