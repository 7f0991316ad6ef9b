/** What somebody may do about what `kho check` finds. */
export const BUILD = 'run kho build; should it stay so, remove .kho and run it again';
export const REMOVE = 'run kho build; should it stay so, remove it: what is there is published by kho alone';
export const COPY_AGAIN = 'run kho build; if nobody changed the file, copy it again from where it came first';
