import fc from 'fast-check';

/**
 * Texts of any characters, as `fc.string({ unit: 'binary' })` makes them: that one first makes a table of all of Unicode, which takes more
 * than a second.
 */
export function anyText({ minLength = 0 } = {}): fc.Arbitrary<string> {
  const character = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
  return fc.array(character, { minLength }).map((codes) => String.fromCodePoint(...codes));
}
