/** Whether tests that try things at random try all that they can: `THOROUGH=1`. */
const isThorough = process.env['THOROUGH'] === '1';

/** How many random cases to try: all of them with `THOROUGH=1`, else a quarter, so that a run of all tests stays short. */
export function trials(all: number): number {
  return isThorough ? all : Math.ceil(all / 4);
}
