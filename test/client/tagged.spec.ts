import { aTask, found, json, type Reaction, refused, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create } from '../support/network/tagged-create.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { TaggedAbortError } from '../../src/client/index.js';

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
