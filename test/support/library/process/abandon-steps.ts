import type { INestApplication } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { AbandonedTags } from '../../../../src/tasks/recording/abandoned-tags.js';
import { type Held, step } from './held-steps.js';
import type { Step } from './settings.js';

type Method = 'begin' | 'finish' | 'takeBack' | 'taskOf';

/** Between which writes the requests of a test can be held. */
const AROUND: [method: Method, before: Step, after: Step | null][] = [
  ['begin', 'before it is begun', 'after it is begun'],
  ['finish', 'before it is final', 'after it is final'],
  ['takeBack', 'before it is taken back', 'after it is taken back'],
  ['taskOf', 'before its request is refused', null],
];

/** Lets requests be held inside the library as well, between what it writes about abandoned tags. */
export function holdAbandonments(app: INestApplication): void {
  const requests = new AsyncLocalStorage<Held>();
  app.use((request: Held, _: unknown, next: () => void) => requests.run(request, next));
  const steps = AbandonedTags.prototype as unknown as Record<
    Method,
    (...given: unknown[]) => Promise<unknown>
  >;
  for (const [method, before, after] of AROUND) {
    const go = steps[method];
    steps[method] = async function (...given) {
      const request = requests.getStore();
      if (request !== undefined) await step(request, before);
      const result = await go.apply(this, given);
      if (request !== undefined && after !== null) await step(request, after);
      return result;
    };
  }
}
