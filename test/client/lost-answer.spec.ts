import { aTask, found, json, type Reaction, refused, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create, NOT_ACCEPTED } from '../support/network/tagged-create.js';

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
