/** Kho's mark. A warehouse of rice: a roof, and grain under it. */
import { html } from '../html.ts';

const ROOF = 'M2 14 16 3l14 11-2 2.4L16 7 4 16.4z';
const GRAIN = 'M8 28V17h4v11zm6 0V13h4v15zm6 0V17h4v11z';

/** In the head of a page, in the colours of its style. */
export const LOGO = html`<svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false"><path class="roof" d="${ROOF}"/><path class="grain" d="${GRAIN}"/></svg>`;

/** A site's own, drawn by the style: a picture that no page has to carry, and in which nothing can run. */
export const OWN_LOGO = html`<i class="logo is-own" aria-hidden="true"></i>`;

/** For the browser's tab, in colours that stand out on light and dark. */
export const KHO_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#3d8b4f" d="${ROOF}"/><path fill="#c08a2d" d="${GRAIN}"/></svg>\n`;
