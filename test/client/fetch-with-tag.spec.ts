import {
  aTask,
  found,
  json,
  type Reaction,
  refused,
  RESET,
  ScriptedFetch,
} from '../support/network/scripted-fetch.js';
import { ACCEPTED, API, NOT_ACCEPTED } from '../support/network/tagged-create.js';
import { VirtualClock } from '../support/virtual-clock.js';
import {
  fetchWithTag,
  type FetchWithTagOptions,
  openstack,
  TaggedFetchError,
} from '../../src/client/index.js';

/** Makes a fetch over a network that does what the script says. */
function make(script: Reaction[], options: Partial<FetchWithTagOptions> = {}) {
  const network = new ScriptedFetch(script);
  const lookup = openstack({ endpoint: API });
  const send = fetchWithTag(network.fetch, { lookup, clock: new VirtualClock(), ...options });
  return { network, send };
}

async function post(script: Reaction[], options: Partial<FetchWithTagOptions> = {}) {
  const { network, send } = make(script, options);
  const init = { method: 'post', body: '{}', tag: 'order 4711' };
  const answer = await send(`${API}/servers`, init).catch((error: unknown) => error);
  return { network, answer: answer as Response, error: answer as TaggedFetchError };
}

const REPLAYED = () => json(202, { server: { id: 's' } }, { 'task-replayed': 'true' });
const NOT_YET = () => {
  const refusal = refused(aTask({ state: 'pending' }));
  return new Response(refusal.body, { status: 409, headers: { 'retry-after': '5' } });
};

describe('a plain fetch with tags', () => {
  it('gives the answer, and sends a tag of its own', async () => {
    const { network, send } = make([ACCEPTED()]);
    expect((await send(`${API}/servers`, { method: 'POST', body: '{}' })).status).toBe(202);
    expect(network.made[0]?.headers.get('task-tag')).toMatch(/^[0-9a-f-]{36}$/);
    expect(network.made[0]?.headers.has('task-duplicates')).toBe(false);
  });

  it.each([400, 404, 409, 422, 500])('gives an answer with an error, too: %i', async (status) => {
    expect((await post([json(status, {})])).answer.status).toBe(status);
  });

  it('gives the first answer when it was lost, from a server that can give it', async () => {
    const { network, answer } = await post([RESET, found(aTask()), REPLAYED()]);
    expect(await answer.json()).toEqual({ server: { id: 's' } });
    expect(network.methods).toEqual(['POST', 'GET', 'POST']);
    const [first, , again] = network.made.map(({ headers }) => headers);
    expect(again?.get('task-duplicates')).toBe('answer');
    expect(again?.get('task-tag')).toBe(first?.get('task-tag'));
    expect(network.made[2]?.init.body).toEqual(network.made[0]?.init.body);
  });

  it('gives it also when that is lost, or not known yet, for a while', async () => {
    const script = [RESET, found(aTask()), RESET, json(503, {}), NOT_YET(), NOT_YET(), REPLAYED()];
    const { network, answer } = await post(script);
    expect(answer.status).toBe(202);
    expect(network.methods).toEqual(['POST', 'GET', 'POST', 'POST', 'POST', 'POST', 'POST']);
  });

  it('gives the first answer of a request that was accepted before this call', async () => {
    const { answer } = await post([refused(aTask()), REPLAYED()]);
    expect(answer.status).toBe(202);
  });

  it('throws when the request was accepted, and the server has no answer for it', async () => {
    const { error, network } = await post([RESET, found(aTask()), refused(aTask())]);
    expect(error).toBeInstanceOf(TaggedFetchError);
    expect(error.result).toMatchObject({ outcome: 'accepted', sent: 2, task: aTask() });
    expect(error.message).toMatch(
      /^The request was accepted, now or before, and .*: the task says how it ended\. Its tag is order 4711\.$/,
    );
    expect(network.methods).toEqual(['POST', 'GET', 'POST']);
  });

  it('throws when the answer never arrives, after as many tries as it may send', async () => {
    const { error, network } = await post([RESET, found(aTask()), RESET, RESET, RESET], { maxSends: 3 });
    expect(error.result).toMatchObject({ outcome: 'accepted', sent: 4 });
    expect(network.methods).toEqual(['POST', 'GET', 'POST', 'POST', 'POST']);
  });

  it('throws when it is not known whether the request was accepted, also after a 504', async () => {
    const { error } = await post([json(504, {}), json(401, {})]);
    expect(error.result).toMatchObject({ outcome: 'unknown' });
    expect(error.cause).toBeDefined();
  });

  it('gives what the server said of a request that was not accepted', async () => {
    const rejected = aTask({ state: 'failure', accepted: false, fault: NOT_ACCEPTED });
    const { answer } = await post([json(503, {}), found(rejected)], { maxSends: 1 });
    expect(answer.status).toBe(503);
  });

  it('leaves requests that only read as they are, and those that the caller names', async () => {
    const isTracked = ({ url }: { url: string }) => url.endsWith('/servers');
    const { network, send } = make([json(200, {}), json(200, {}), ACCEPTED()], { isTracked });
    await send(`${API}/images`);
    await send(new Request(`${API}/images`, { method: 'PUT', body: 'x' }));
    await send(new Request(`${API}/servers`, { method: 'POST', body: '{}' }));
    expect(network.made.map(({ headers }) => headers.has('task-tag'))).toEqual([false, false, true]);
    const usual = make([json(200, {}), ACCEPTED()]);
    await usual.send(`${API}/servers`);
    await usual.send(`${API}/servers/1`, { method: 'DELETE' });
    expect(usual.network.made.map(({ headers }) => headers.has('task-tag'))).toEqual([false, true]);
  });
});
