/** Runs before the page is shown: else who chose another theme than the system's would see the system's for a moment. */
import { applyTheme } from './theme.ts';

applyTheme();
