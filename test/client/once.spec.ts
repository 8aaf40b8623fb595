import fc from 'fast-check';
import { aTask, found, json, refused, RESET } from '../support/network/scripted-fetch.js';
import { trials } from '../support/trials.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { openstack, tagged, type Task } from '../../src/client/index.js';

const API = 'http://cloud.example/v3';

/** What happens to a request on its way, and to its answer. */
const SEND = fc.constantFrom(
  'answered',
  'lost before',
  'lost after',
  'hangs before',
  'hangs after',
  'late',
  'twice',
  '503 before',
  '504 after',
  'broken off',
);
const LOOK = fc.constantFrom('answered', 'answered', 'lost', 'hangs', '500', 'a page');

/** How the server finds out about what it has recorded: looks at which it is still open, and then accepted or not. */
const FATE = fc.record({ open: fc.nat(3), isAccepted: fc.boolean() });

/** A server that does what the real one promises, behind a network that does what the script says. */
class Cloud {
  carriedOut = 0;
  /** What the client could see, in order. */
  readonly seen: ('send' | 'no' | 'other')[] = [];
  private readonly tasks: Task[] = [];
  private open = 0;

  constructor(
    private readonly sends: string[],
    private readonly looks: string[],
    private readonly fates: { open: number; isAccepted: boolean }[],
    private readonly clock: VirtualClock,
  ) {}

  readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    const signal = init.signal as AbortSignal;
    return init.method === 'GET' ? this.look(signal) : this.send(signal);
  };

  /** The uncertain task of a crash, at the end of its time. */
  decide(): void {
    const [task] = this.tasks;
    if (task?.state !== 'unknown' || this.open-- > 0) return;
    const isAccepted = this.fates.shift()?.isAccepted ?? true;
    if (isAccepted) this.carriedOut += 1;
    const fault = { code: 408, message: 'The request was not accepted in time.' };
    Object.assign(task, isAccepted ? aTask() : { state: 'failure', accepted: false, fault }, {
      uuid: task.uuid,
    });
  }

  private arrive(isCertain = true): Response {
    const first = this.tasks.find(({ accepted }) => accepted !== false);
    if (first !== undefined) return refused({ ...first });
    this.tasks.unshift(
      aTask({ uuid: String(this.tasks.length), state: isCertain ? 'processing' : 'unknown' }),
    );
    if (isCertain) this.carriedOut += 1;
    else this.open = this.fates[0]?.open ?? 0;
    return isCertain ? json(202, {}) : json(504, {});
  }

  private async send(signal: AbortSignal): Promise<Response> {
    this.seen.push('send');
    switch (this.sends.shift()) {
      case 'lost before':
        throw RESET;
      case 'lost after':
        this.arrive();
        throw RESET;
      case 'hangs before':
        return hang(signal);
      case 'hangs after':
        this.arrive();
        return hang(signal);
      case 'late':
        void this.clock.sleep(this.clock.random() * 60_000).then(() => this.arrive());
        throw RESET;
      case 'twice':
        return [this.arrive(), this.arrive()][this.clock.random() < 0.5 ? 0 : 1] as Response;
      case '503 before':
        return json(503, {}, { 'retry-after': '2' });
      case '504 after':
        return this.arrive(false);
      case 'broken off':
        this.arrive();
        return new Response(new ReadableStream({ pull: (controller) => controller.error(RESET) }), {
          status: 202,
        });
      default:
        return this.arrive();
    }
  }

  private async look(signal: AbortSignal): Promise<Response> {
    this.decide();
    switch (this.looks.shift()) {
      case 'lost':
        throw RESET;
      case 'hangs':
        return hang(signal);
      case '500':
        return json(500, {});
      case 'a page':
        return new Response('<html>');
    }
    const [newest] = this.tasks;
    const isNo = newest === undefined || newest.accepted === false;
    this.seen.push(isNo ? 'no' : 'other');
    return found(...this.tasks.map((task) => ({ ...task })));
  }
}

it('whatever gets lost, it never sends again without a "not accepted" since the last send; the result is true', async () => {
  const scripts = [
    fc.array(SEND, { maxLength: 6 }),
    fc.array(LOOK, { maxLength: 12 }),
    fc.array(FATE),
  ] as const;
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      ...scripts,
      fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
      async (...given) => {
        const [sends, looks, fates, chances] = given;
        const clock = new VirtualClock(() => chances.next().value as number);
        const cloud = new Cloud([...sends], [...looks], [...fates], clock);
        const send = tagged(cloud.fetch, {
          lookup: openstack({ endpoint: API }),
          clock,
          maxSends: 8,
          deadlineMs: 120_000,
        });
        const result = await send(`${API}/servers`, { method: 'POST', body: '{}', tag: 'order 4711' });
        outcomes.add(result.outcome);

        const { seen } = cloud;
        seen.forEach((what, n) => {
          if (what === 'send' && n > 0) expect(seen[n - 1]).toBe('no');
        });
        if (result.outcome === 'answered') expect(result.response.status).toBe(202);
        if (result.outcome === 'answered' || result.outcome === 'accepted') expect(cloud.carriedOut).toBe(1);
        // As of that look-up; a copy that is late may come after it.
        if (result.outcome === 'notAccepted') {
          expect(seen.at(-1)).toBe('no');
          if (!sends.includes('late')) expect(cloud.carriedOut).toBe(0);
        }
        // Whatever comes late or is decided later.
        await clock.sleep(200_000);
        for (let n = 0; n < 10; n += 1) cloud.decide();
        expect(cloud.carriedOut).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: trials(300) },
  );
  expect([...outcomes].sort()).toEqual(expect.arrayContaining(['accepted', 'answered']));
});

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
