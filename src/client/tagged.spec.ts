import {
  aTask,
  found,
  json,
  type Reaction,
  refused,
  RESET,
  ScriptedFetch,
} from '../../test/support/network/scripted-fetch.js';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import {
  LookUpError,
  openstack,
  tagged,
  TaggedAbortError,
  type TaggedInit,
  type TaggedOptions,
} from './index.js';

const API = 'http://cloud.example/v3';
const ACCEPTED = () => json(202, { server: { id: 's' } });
const NOT_ACCEPTED = { code: 408, message: 'The request was not accepted in time. It may be sent again.' };

/** Creates a server, with a network that does what the script says. */
async function create(script: Reaction[], init: TaggedInit = {}, options: Partial<TaggedOptions> = {}) {
  const network = new ScriptedFetch(script);
  const clock = new VirtualClock();
  const start = clock.now();
  const send = tagged(network.fetch, { lookup: openstack({ endpoint: API }), clock, ...options });
  const request = {
    method: 'POST',
    body: '{}',
    tag: 'order 4711',
    headers: { 'X-Auth-Token': 't' },
    ...init,
  };
  const result = await send(`${API}/servers`, request).catch((error: unknown) => error as TaggedAbortError);
  return { result, network, tookMs: clock.now() - start };
}

describe('a tagged request', () => {
  it('that is answered is sent once, under its tag, and its answer is the result', async () => {
    const { result, network } = await create([ACCEPTED()]);
    expect(result).toMatchObject({ outcome: 'answered', tag: 'order 4711', sent: 1 });
    expect(await (result as { response: Response }).response.json()).toEqual({ server: { id: 's' } });
    expect(network.methods).toEqual(['POST']);
    expect(network.made[0]?.headers.get('task-tag')).toBe('order 4711');
  });

  it('gets a new tag each time when it brings none', async () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const tags = await Promise.all(
      [1, 2].map(async () => (await create([ACCEPTED()], { tag: undefined })).result),
    );
    for (const { tag } of tags) expect(tag).toMatch(uuid);
    expect(tags[0]?.tag).not.toBe(tags[1]?.tag);
  });

  it.each([400, 403, 404, 409, 413, 429, 500, 501])('that is answered %i was answered', async (status) => {
    const { result, network } = await create([json(status, {})]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 1 });
    expect(network.methods).toEqual(['POST']);
  });

  it('that was accepted before, under this tag, is told so by the refusal', async () => {
    const { result } = await create([refused(aTask())]);
    expect(result).toMatchObject({ outcome: 'accepted', sent: 1, task: aTask() });
    expect((result as { response: Response }).response.status).toBe(409);
  });

  it('is told so in the shape of Nest, too', async () => {
    const refusal = { statusCode: 409, message: 'That request is already accepted', task: aTask() };
    expect((await create([json(409, refusal)])).result).toMatchObject({ outcome: 'accepted', task: aTask() });
  });

  it('is told so by a host that says it in other words, in an envelope of its own', async () => {
    const error = { code: 'DUPLICATE_REQUEST', message: 'Schon angenommen', task: aTask() };
    expect((await create([json(409, { ok: false, error })])).result).toMatchObject({
      outcome: 'accepted',
      task: aTask(),
    });
  });

  it('whose tag is in use for another request was answered, and not accepted', async () => {
    const message = 'The tag is already used for another request, with another body. Choose another tag.';
    const other = json(409, { conflictingRequest: { code: 409, message, task: aTask() } });
    expect((await create([other])).result).toMatchObject({ outcome: 'answered' });
  });
});

describe('a replayed answer', () => {
  const replayed = (status: number) => json(status, { id: 7 }, { 'task-replayed': 'true' });

  it.each([200, 202, 204, 422, 500, 503])('is the answer, also %i, and nothing is asked', async (status) => {
    const answer =
      status === 204 ? new Response(null, { status, headers: { 'task-replayed': 'true' } }) : null;
    const { result, network } = await create([answer ?? replayed(status)]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 1, response: { status } });
    expect(network.methods).toEqual(['POST']);
  });

  it('to a second copy is the answer of the first one', async () => {
    const { result, network } = await create([RESET, found(), replayed(422)]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2, response: { status: 422 } });
    expect(network.methods).toEqual(['POST', 'GET', 'POST']);
  });
});

describe('when the answer is lost', () => {
  const LOSSES: [string, () => Reaction][] = [
    ['the connection breaks', () => RESET],
    ['nothing comes in time', () => 'nothing'],
    ['the answer breaks off', brokenOff],
    ...[502, 503, 504].map((status): [string, () => Reaction] => [`${status} comes`, () => json(status, {})]),
  ];

  it.each(LOSSES)(
    'since %s, it asks by the tag, and what was accepted is not sent again',
    async (_, loss) => {
      const { result, network } = await create([loss(), found(aTask())]);
      expect(result).toMatchObject({ outcome: 'accepted', sent: 1, task: aTask() });
      expect(network.methods).toEqual(['POST', 'GET']);
      const [, look] = network.made;
      expect(look?.url).toBe('http://cloud.example/v3/tasks?tag=order%204711');
      expect(look?.init.cache).toBe('no-store');
      expect(Object.fromEntries(look?.headers ?? [])).toEqual({
        accept: 'application/json',
        'x-auth-token': 't',
      });
    },
  );

  it.each(LOSSES)(
    'since %s, and it was not accepted, it is sent again with the same tag',
    async (_, loss) => {
      const { result, network } = await create([loss(), found(), ACCEPTED()]);
      expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
      expect(network.methods).toEqual(['POST', 'GET', 'POST']);
      const [first, , second] = network.made;
      expect([second?.url, second?.init.body]).toEqual([first?.url, first?.init.body]);
      expect([...(second?.headers ?? [])]).toEqual([...(first?.headers ?? [])]);
    },
  );

  it.each(['pending', 'unknown'] as const)(
    'and the task is %s, it asks until that is decided',
    async (state) => {
      const open = () => found(aTask({ state }));
      const { result, network } = await create([
        RESET,
        open(),
        open(),
        open(),
        found(aTask({ state: 'processing' })),
      ]);
      expect(result).toMatchObject({ outcome: 'accepted', sent: 1, task: { state: 'processing' } });
      expect(network.methods).toEqual(['POST', 'GET', 'GET', 'GET', 'GET']);
    },
  );

  it('and then found not to have been accepted, it is sent again', async () => {
    const failed = aTask({ state: 'failure', fault: NOT_ACCEPTED });
    const { result, network } = await create([
      RESET,
      found(aTask({ state: 'unknown' })),
      found(failed),
      ACCEPTED(),
    ]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    expect(network.methods).toEqual(['POST', 'GET', 'GET', 'POST']);
  });

  it('and it was rejected, that is told and not tried again', async () => {
    const task = aTask({ state: 'failure', fault: { code: 400, message: 'Flavor 99 could not be found.' } });
    const { result, network } = await create([RESET, found(task)]);
    expect(result).toMatchObject({ outcome: 'notAccepted', sent: 1, task, cause: RESET });
    expect(network.methods).toEqual(['POST', 'GET']);
  });

  it('and it was accepted and has failed since, it is not sent again', async () => {
    const task = aTask({ state: 'failure', accepted: true, fault: { code: 500, message: 'No valid host.' } });
    expect((await create([RESET, found(task)])).result).toMatchObject({ outcome: 'accepted', sent: 1, task });
  });

  it('and the second copy is refused, since the first one came late, it was accepted', async () => {
    const task = aTask({ state: 'processing' });
    const { result } = await create([RESET, found(), refused(task)]);
    expect(result).toMatchObject({ outcome: 'accepted', sent: 2, task });
  });

  it('and the second copy is refused while nobody knows of the first one, it waits for that', async () => {
    const other = aTask({ uuid: 'another', state: 'success' });
    const open = aTask({ state: 'unknown' });
    const { result, network } = await create([
      RESET,
      found(),
      refused(open),
      found(other, open),
      found(other, aTask()),
    ]);
    expect(result).toMatchObject({ outcome: 'accepted', sent: 2, task: aTask() });
    expect(network.methods).toEqual(['POST', 'GET', 'POST', 'GET', 'GET']);
  });

  it('and the second copy is answered with an error, the first one may have come late: it asks', async () => {
    const late = await create([RESET, found(), json(403, {}), found(aTask())]);
    expect(late.result).toMatchObject({ outcome: 'accepted', sent: 2 });
    const neither = await create([RESET, found(), json(403, {}), found()]);
    expect(neither.result).toMatchObject({ outcome: 'answered', sent: 2 });
    const unheard = await create([RESET, found(), json(401, {}), json(401, {})]);
    expect(unheard.result).toMatchObject({ outcome: 'unknown', sent: 2 });
  });

  it('is for the caller to say: a 500, too, if that is what the server answers when it does not know', async () => {
    const isInconclusive = ({ status }: Response) => status >= 500;
    const { result, network } = await create([json(500, {}), found(aTask())], { isInconclusive });
    expect(result).toMatchObject({ outcome: 'accepted', sent: 1 });
    expect(network.methods).toEqual(['POST', 'GET']);
  });

  it('again and again, it gives up after some sends, and says that it was not accepted', async () => {
    const { result, network } = await create([RESET, found(), RESET, found(), json(503, {}), found()], {
      maxSends: 3,
    });
    expect(result).toMatchObject({ outcome: 'notAccepted', sent: 3 });
    expect((result as { response: Response }).response.status).toBe(503);
    expect(network.methods).toEqual(['POST', 'GET', 'POST', 'GET', 'POST', 'GET']);
  });
});

describe('when a look-up is lost', () => {
  const LOST: [string, () => Reaction][] = [
    ['breaks off', () => RESET],
    ['is not answered', () => 'nothing'],
    ...[408, 429, 500, 502, 503, 504].map((status): [string, () => Reaction] => [
      `is answered ${status}`,
      () => json(status, { tasks: [] }),
    ]),
    ['is answered by a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['is answered with something else', () => json(200, { servers: [] })],
  ];

  it.each(LOST)('because it %s, it is made again before anything is sent', async (_, loss) => {
    const { result, network } = await create([RESET, loss(), loss(), found(), ACCEPTED()]);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    expect(network.methods).toEqual(['POST', 'GET', 'GET', 'GET', 'POST']);
  });

  it('until the deadline, the result is that it is not known, and nothing was sent again', async () => {
    const { result, network, tookMs } = await create([RESET, ...Array.from({ length: 50 }, () => RESET)], {
      deadlineMs: 60_000,
    });
    expect(result).toMatchObject({ outcome: 'unknown', tag: 'order 4711', sent: 1, cause: RESET });
    expect(network.methods.filter((method) => method === 'POST')).toHaveLength(1);
    expect(network.methods.length).toBeGreaterThan(5);
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('or undecided until the deadline, the task that is on record is shown', async () => {
    const open = aTask({ state: 'unknown' });
    const script = [RESET, ...Array.from({ length: 50 }, () => () => found(open))];
    expect((await create(script, { deadlineMs: 60_000 })).result).toMatchObject({
      outcome: 'unknown',
      task: open,
    });
  });

  it.each([
    ['a minute', undefined, 60_000],
    ['as long as is said', 5000, 5000],
    ['no time', 0, 0],
  ])(
    'or the server itself does not know more of it for %s, that is the result',
    async (_, unknownMs, most) => {
      const open = aTask({ state: 'unknown' });
      const script = [RESET, ...Array.from({ length: 100 }, () => () => found(open))];
      const { result, network, tookMs } = await create(script, { unknownMs });
      expect(result).toMatchObject({ outcome: 'unknown', sent: 1, task: open });
      expect(tookMs).toBeLessThanOrEqual(most);
      expect(tookMs).toBeGreaterThanOrEqual(most * 0.7);
      expect(network.methods.filter((method) => method === 'POST')).toHaveLength(1);
    },
  );

  it('but a task that is merely under way is waited for until the deadline', async () => {
    const pending = () => found(aTask({ state: 'pending' }));
    const script = [RESET, ...Array.from({ length: 100 }, () => pending)];
    const { tookMs } = await create(script, { unknownMs: 0, deadlineMs: 200_000 });
    expect(tookMs).toBeGreaterThan(150_000);
  });

  // A Nova without tasks answers 404: to take that for "not accepted" would make two servers.
  it.each([400, 401, 403, 404, 405])('for good, with %i, it does not go on asking', async (status) => {
    const { result, network } = await create([RESET, json(status, {})]);
    expect(result).toMatchObject({ outcome: 'unknown', sent: 1, cause: { response: { status } } });
    expect((result as { cause: unknown }).cause).toBeInstanceOf(LookUpError);
    expect(network.methods).toEqual(['POST', 'GET']);
  });

  it('and no time was left before it, it is made once all the same', async () => {
    const { result } = await create(['nothing', found(aTask())], { timeoutMs: 10_000, deadlineMs: 5000 });
    expect(result).toMatchObject({ outcome: 'accepted', sent: 1 });
  });
});

describe('it waits', () => {
  it('between tries at random, up to a time that doubles, up to a most', async () => {
    const losses = Array.from({ length: 7 }, () => RESET);
    const { tookMs } = await create([RESET, ...losses, found(aTask())], {
      backOff: { firstMs: 100, mostMs: 1000 },
    });
    expect(tookMs).toBe(100 + 200 + 400 + 800 + 1000 + 1000 + 1000);
    const half = new VirtualClock(() => 0.5);
    const start = half.now();
    await create(
      [RESET, ...losses, found(aTask())],
      {},
      { clock: half, backOff: { firstMs: 100, mostMs: 1000 } },
    );
    expect(half.now() - start).toBe((100 + 200 + 400 + 800 + 1000 + 1000 + 1000) / 2);
  });

  it('as long as Retry-After asks for, in seconds or until a time', async () => {
    const busy = (value: string) => json(503, {}, { 'retry-after': value });
    expect((await create([busy('7'), found(), ACCEPTED()])).tookMs).toBe(7000);
    expect((await create([busy('Sat, 31 Jan 2026 12:00:09 GMT'), found(), ACCEPTED()])).tookMs).toBe(9000);
    expect((await create([RESET, busy('5'), found(aTask())])).tookMs).toBe(5000);
  });

  it('for no Retry-After beyond the deadline: it was not accepted, and it says so at once', async () => {
    const { result, tookMs } = await create([json(503, {}, { 'retry-after': '3600' }), found()]);
    expect([result, tookMs]).toMatchObject([{ outcome: 'notAccepted' }, 0]);
  });
});

describe('with wait', () => {
  const open = () => found(aTask({ state: 'processing' }));

  it('an answered request is followed to its end', async () => {
    const { result } = await create([ACCEPTED(), open(), RESET, open(), found(aTask())], { wait: true });
    expect(result).toMatchObject({ outcome: 'answered', task: aTask() });
  });

  it('one whose answer was lost is, too, also to a bad end', async () => {
    const failed = aTask({
      state: 'failure',
      accepted: true,
      fault: { code: 500, message: 'No valid host.' },
    });
    const { result } = await create([RESET, open(), open(), found(failed)], { wait: true });
    expect(result).toMatchObject({ outcome: 'accepted', task: failed });
  });

  it('it keeps to the task that it has seen, whatever else comes under the tag', async () => {
    const newer = aTask({ uuid: 'newer' });
    const { result } = await create(
      [RESET, open(), found(newer, aTask({ state: 'failure', accepted: true }))],
      {
        wait: true,
      },
    );
    expect(result).toMatchObject({ outcome: 'accepted', task: { uuid: aTask().uuid, state: 'failure' } });
  });

  it('for a time, the task is shown as it was then', async () => {
    const script = [ACCEPTED(), ...Array.from({ length: 20 }, () => open)];
    const { result, tookMs } = await create(script, { wait: { forMs: 8000 } });
    expect(result).toMatchObject({ outcome: 'answered', task: { state: 'processing' } });
    expect(tookMs).toBeLessThanOrEqual(8000);
  });

  it('a request that is no task is not waited for', async () => {
    const { result } = await create([ACCEPTED(), found()], { wait: true });
    expect(result).not.toHaveProperty('task');
  });

  it('one that was answered 500 may be under way all the same: its task is shown', async () => {
    const late = await create([json(500, {}), found(aTask({ state: 'unknown' })), found(aTask())], {
      wait: true,
    });
    expect(late.result).toMatchObject({ outcome: 'answered', response: { status: 500 }, task: aTask() });
    const untracked = await create([json(500, {}), found()], { wait: true });
    expect(untracked.result).toMatchObject({ outcome: 'answered', response: { status: 500 }, sent: 1 });
    expect(untracked.result).not.toHaveProperty('task');
  });

  it('one of which nobody will ever know more is not waited for for ever', async () => {
    const unknown = () => found(aTask({ state: 'unknown' }));
    const script = [ACCEPTED(), ...Array.from({ length: 100 }, () => unknown)];
    const { result, tookMs } = await create(script, { wait: true });
    expect(result).toMatchObject({ outcome: 'answered', task: { state: 'unknown' } });
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('a rejection is not followed', async () => {
    expect((await create([json(400, {})], { wait: true })).network.methods).toEqual(['POST']);
  });
});

describe("the caller's signal", () => {
  const reason = new Error('The user left the page');

  it('ends it at once, wherever it is, with the reason and the tag', async () => {
    const scripts: Reaction[][] = [
      ['nothing'],
      [() => new Promise<Reaction>(() => undefined)],
      [RESET, 'nothing'],
      [RESET, json(503, {}, { 'retry-after': '100' })],
      [json(503, {}, { 'retry-after': '100' }), found()],
    ];
    for (const script of scripts) {
      const controller = new AbortController();
      const clock = new VirtualClock();
      void clock.sleep(1000).then(() => controller.abort(reason));
      const start = clock.now();
      const { result } = await create(script, { signal: controller.signal }, { clock });
      expect(result).toBeInstanceOf(TaggedAbortError);
      expect(result).toMatchObject({ cause: reason, tag: 'order 4711', sent: 1 });
      expect(clock.now() - start).toBe(1000);
    }
  });

  it('keeps anything from being sent when it has ended before', async () => {
    const { result, network } = await create([], { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ name: 'AbortError', sent: 0 });
    expect(network.made).toEqual([]);
  });
});

/** The head has come, and half of the body. */
function brokenOff(): Response {
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('{"server":'));
      controller.error(RESET);
    },
  });
  return new Response(body, { status: 202 });
}
