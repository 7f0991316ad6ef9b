import { type Html, html } from '../html.ts';

const STYLE = html`<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
pre { padding: 0.75rem; border: 1px solid #8888; border-radius: 0.25rem; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.4rem 0.5rem; text-align: left; border-bottom: 1px solid #8884; }
th:last-child, td:last-child { text-align: right; }
</style>`;

/** A whole page around some parts. Its generator tells kho later that it may replace the page. */
export function listingPage(title: string, parts: readonly Html[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="kho">
<title>${title}</title>
${STYLE}
</head>
<body>
${parts}</body>
</html>
`.text;
}
