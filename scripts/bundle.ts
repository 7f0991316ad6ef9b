/** `npm run build`: dist/kho.js. */
import { fileURLToPath } from 'node:url';
import { bundleKho } from './bundle-kho.ts';

await bundleKho(fileURLToPath(new URL('../dist/kho.js', import.meta.url)));
