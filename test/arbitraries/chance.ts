import fc from 'fast-check';

/** A random whole number from 0 up to, but not including, the given one. */
export type Chance = (below: number) => number;

/** A source of random choices that fast-check can replay and shrink. */
export const chance: fc.Arbitrary<Chance> = fc.gen().map((g) => (below) => g(fc.nat, below - 1));
