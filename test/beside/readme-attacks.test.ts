/** Texts that keep whoever renders them busy, each as long as what is shown of a description. */
import { MOST_SHOWN_BYTES } from '../../src/readme/limits.ts';
import { testBusyTexts } from '../support/attacks/busy-tests.ts';

testBusyTexts(MOST_SHOWN_BYTES);
