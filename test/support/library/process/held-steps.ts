import type { GoOn, Step, Told } from './settings.js';

/** A request that may ask to be held. */
export interface Held {
  headers: { 'x-hold'?: string };
}

/** Holds a request that asks for it at a step until the test lets it go on. */
export async function step(request: Held, name: Step): Promise<void> {
  if (request.headers['x-hold'] !== name) return;
  const goesOn = new Promise<void>((resolve) => {
    const hear = ({ goOn }: GoOn) => {
      if (goOn !== name) return;
      process.off('message', hear);
      resolve();
    };
    process.on('message', hear);
  });
  tell({ heldAt: name });
  await goesOn;
}

/** Tells the test something. */
export function tell(message: Told): void {
  process.send?.(message);
}
