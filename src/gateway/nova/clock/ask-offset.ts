import type { Offset } from './offset.js';

/** How near is near enough, in milliseconds: with clocks that agree, two questions are all. */
const NEAR_MS = 1000;

/** From one question to the next one further away. */
const FACTOR = 4;

/** How many times that is done: about eight years. */
const MAX_STEPS = 14;

/** Questions between two bounds; slow answers do not get any nearer. */
const MAX_HALVINGS = 40;

/**
 * Finds out another clock's offset by asking whether a time has passed there. Each answer is a bound that is certain:
 * the other clock was looked at between the question and its answer.
 *
 * @param hasPassed whether the other clock is past a time, in epoch milliseconds; `null` when that is not told
 * @param now this clock, in epoch milliseconds
 * @returns `null` when it is not told
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
  // Both kinds of answer are needed: one that comes always says nothing of a time.
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
  // They cross when servers whose clocks differ have answered by turns.
  const [earliest, latest] = [known.earliest, known.latest].sort((one, other) => one - other);
  return { earliest: earliest as number, latest: latest as number };
}
