import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { tasksOptions } from '../../tasks.options.js';
import { RequestsInFlight } from './requests-in-flight.js';

describe('a stop', () => {
  const requests = () =>
    new RequestsInFlight(tasksOptions<unknown>({ requester: () => ({ projectId: 'p', userId: 'u' }) }));
  const answer = (state: object) => Object.assign(new EventEmitter(), state) as ServerResponse;

  it.each([{ destroyed: true }, { writableFinished: true }])(
    'does not wait for an answer that was over before: %o',
    async (state) => {
      const open = requests();
      open.untilSent(answer(state));
      await open.drain();
    },
  );

  it('does not wait for a request that came after it began', async () => {
    const open = requests();
    open.onModuleDestroy();
    void open.untilSettled(null, new Promise(() => undefined));
    await open.beforeApplicationShutdown();
  });

  it.each(['finish', 'close'])('waits for an answer until it has gone, or its client: %s', async (event) => {
    const open = requests();
    const one = answer({});
    open.untilSent(one);
    let isOver = false;
    const drained = open.drain().then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    one.emit(event);
    await drained;
  });
});
