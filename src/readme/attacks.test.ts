/** Texts that keep whoever renders them busy, an eighth as long as what is shown of a description. As long as that: test/e2e/readme-attacks.test.ts. */
import { testBusyTexts } from '../../test/support/attacks/busy-tests.ts';
import { MOST_SHOWN_BYTES } from './limits.ts';

testBusyTexts(MOST_SHOWN_BYTES / 8);
