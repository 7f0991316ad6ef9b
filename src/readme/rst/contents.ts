import { slug } from '../html/anchors.ts';
import { MOST_LISTED } from '../limits.ts';

interface Heading {
  level: number;
  html: string;
}

interface ContentsPlace {
  /** Headings before it. */
  after: number;
  isLocal: boolean;
  depth: number;
}

const PLACE = /<!--contents (\d+)-->/g;

/** Tables of contents: they stand before most of what they list. */
export class Contents {
  readonly #headings: Heading[] = [];
  readonly #places: ContentsPlace[] = [];
  #listed = 0;

  addHeading(level: number, html: string): void {
    this.#headings.push({ level, html });
  }

  /** What stands in the text until `fill` is called. A local one lists what is in its own section only. */
  addPlace(isLocal: boolean, depth: number): string {
    this.#places.push({ after: this.#headings.length, isLocal, depth });
    return `<!--contents ${this.#places.length - 1}-->`;
  }

  fill(text: string): string {
    const links = this.#links();
    return text.replace(PLACE, (_all, place: string) => this.#list(this.#places[Number(place)], links));
  }

  #list(place: ContentsPlace | undefined, links: readonly string[]): string {
    if (!place) return '';
    const { after, isLocal, depth } = place;
    const section = isLocal ? (this.#headings[after - 1]?.level ?? 0) : 0;
    const open: number[] = [];
    let html = '';
    for (let at = isLocal ? after : 0; at < this.#headings.length; at++) {
      const { level } = this.#headings[at] as Heading;
      if (level <= section || this.#listed >= MOST_LISTED) break;
      if (level > section + depth) continue;
      this.#listed++;
      for (; (open.at(-1) ?? 0) > level; open.pop()) html += '</li></ul>';
      html += open.at(-1) === level ? '</li><li>' : '<ul><li>';
      if (open.at(-1) !== level) open.push(level);
      html += links[at];
    }
    return html + '</li></ul>'.repeat(open.length);
  }

  /** To the ids that headings get (anchors.ts). */
  #links(): string[] {
    const uses = new Map<string, number>();
    return this.#headings.map(({ html }) => {
      const id = slug(html.replace(/<[^<>]*>|&\w+;/g, ''));
      const before = uses.get(id) ?? 0;
      uses.set(id, before + 1);
      const words = html.replace(/<\/?a\b[^<>]*>| id="[^"]*"/g, '');
      return `<a href="#${before === 0 ? id : `${id}-${before}`}">${words}</a>`;
    });
  }
}
