import type { Offset } from './offset.js';

/** How near is near enough, in milliseconds: if the clocks agree, two questions suffice. */
const NEAR_MS = 1000;

/** The factor from one question to the next, further away. */
const FACTOR = 4;

/** How many times it is applied: up to about eight years. */
const MAX_STEPS = 14;

/** Questions between two bounds; slow answers bring them no closer. */
const MAX_HALVINGS = 40;

/**
 * Determines another clock's offset by asking whether a time has passed there. Each answer is a certain bound: the
 * other clock was read between the question and its answer.
 *
 * @param hasPassed whether the other clock is past a time, in epoch milliseconds; `null` without an answer
 * @param now this clock, in epoch milliseconds
 * @returns `null` without an answer
 */
export async function askOffset(
  hasPassed: (time: number) => Promise<boolean | null>,
  now: () => number,
): Promise<Offset | null> {
  const known: Offset = { earliest: -Infinity, latest: Infinity };
  const ask = async (offset: number): Promise<boolean | null> => {
    const asked = now();
    const passed = await hasPassed(asked + offset);
    if (passed === true) known.earliest = Math.max(known.earliest, asked + offset - now());
    if (passed === false) known.latest = Math.min(known.latest, offset);
    return passed;
  };
  // Both kinds of answer are needed: if one comes every time, it says nothing about a time.
  for (const [sign, found] of [[-1, true] as const, [1, false] as const]) {
    for (let step = 0; ; step += 1) {
      const passed = await ask(sign * NEAR_MS * FACTOR ** step);
      if (passed === null || step === MAX_STEPS) return null;
      if (passed === found) break;
    }
  }
  for (let n = 0; n < MAX_HALVINGS && known.latest - known.earliest > 4 * NEAR_MS; n += 1) {
    if ((await ask((known.earliest + known.latest) / 2)) === null) return null;
  }
  // They cross when servers with different clocks have answered in turn.
  const [earliest, latest] = [known.earliest, known.latest].sort((one, other) => one - other);
  return { earliest: earliest as number, latest: latest as number };
}
