/** The script of all pages: everything can be read without it. It is made of one file for each thing that it adds. */
import { writeAddresses } from './addresses.ts';
import { offerCopying } from './copy.ts';
import { startFinder } from './finder.ts';
import { offerLanguages, readersLanguage } from './language.ts';
import { offerMachines } from './machine.ts';
import { writeMeasures } from './measures.ts';
import { offerMemberSearch } from './members.ts';
import { startSiteSearch } from './site-search.ts';
import { loadTexts, markTexts } from './texts.ts';
import { offerThemes } from './theme-button.ts';

writeAddresses();
void start();

async function start(): Promise<void> {
  const language = readersLanguage();
  const texts = await loadTexts(language);
  if (!texts) return; // Without them there is nothing to call a button.
  if (language !== document.documentElement.lang) markTexts(texts);
  writeMeasures(document.body, texts);
  offerThemes(texts);
  offerLanguages(texts);
  offerCopying(texts);
  offerMachines(texts);
  offerMemberSearch();
  startFinder(texts);
  startSiteSearch(texts);
  document.documentElement.dataset['script'] = 'on';
}
