import {
  aTask,
  found,
  json,
  type Reaction,
  RESET,
  ScriptedFetch,
} from '../support/network/scripted-fetch.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { openstack, tagged, type TaggedInit } from '../../src/client/index.js';

const API = 'http://cloud.example/v3';
const lookup = openstack({ endpoint: API });
// Jest's own TypeError is another one.
const TYPE_ERROR = { name: 'TypeError' };
const TWICE = (): Reaction[] => [RESET, found(), json(202, {})];

async function send(script: Reaction[], input: string | URL | Request, init: TaggedInit = {}) {
  const network = new ScriptedFetch(script);
  const result = await tagged(network.fetch, { lookup, clock: new VirtualClock() })(input, init);
  return { result, network };
}

/** What went out with each send: type and bytes. */
async function sentBodies({ made }: ScriptedFetch): Promise<[string | null, string][]> {
  const sends = made.filter(({ method }) => method !== 'GET');
  return Promise.all(
    sends.map(async ({ url, init }): Promise<[string | null, string]> => {
      const request = new Request(url, { ...init, signal: null });
      return [request.headers.get('content-type'), await request.text()];
    }),
  );
}

describe('a body', () => {
  const form = () => {
    const data = new FormData();
    data.set('name', 'vm1');
    return data;
  };
  const bytes = new TextEncoder().encode('name=vm1');
  const BODIES: [string, () => BodyInit, string][] = [
    ['a text', () => 'name=vm1', 'text/plain;charset=UTF-8'],
    [
      'a query',
      () => new URLSearchParams({ name: 'vm1' }),
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
    ['a blob', () => new Blob(['name=vm1'], { type: 'text/x' }), 'text/x'],
  ];

  it.each(BODIES)('that is %s is sent again with the same bytes', async (_, body, type) => {
    const { network } = await send(TWICE(), `${API}/servers`, { method: 'POST', body: body() });
    expect(await sentBodies(network)).toEqual([
      [type, 'name=vm1'],
      [type, 'name=vm1'],
    ]);
  });

  // Each writing of a form has another boundary: it would be another request, and so a second server.
  it('that is a form has the same boundary each time', async () => {
    const { network } = await send(TWICE(), `${API}/servers`, { method: 'POST', body: form() });
    const [first, second] = await sentBodies(network);
    expect(first?.[0]).toMatch(/^multipart\/form-data; ?boundary=/);
    expect(first?.[1]).toContain('vm1');
    expect(second).toEqual(first);
  });

  it('that is changed meanwhile is sent again as it was', async () => {
    for (const body of [
      new URLSearchParams({ n: '1' }),
      new Uint8Array(bytes),
      new Uint8Array(bytes).buffer,
    ]) {
      const change = () => {
        if (body instanceof URLSearchParams) body.set('n', '2');
        else new Uint8Array(body instanceof Uint8Array ? body.buffer : body).fill(0);
        return RESET;
      };
      const { network } = await send([change, found(), json(202, {})], API, { method: 'POST', body });
      const [first, second] = await sentBodies(network);
      expect(first?.[1]).toBe(body instanceof URLSearchParams ? 'n=1' : 'name=vm1');
      expect(second).toEqual(first);
    }
  });

  it('that is a stream is sent once, and not again', async () => {
    const streams: object[] = [new Response('x').body as ReadableStream, chunks()];
    for (const body of streams) {
      const init = { method: 'POST', body, duplex: 'half', tag: 'order 4711' } as TaggedInit;
      const { result, network } = await send([RESET, found()], API, init);
      expect(result).toMatchObject({ outcome: 'notAccepted', sent: 1 });
      expect(network.made[0]?.init.body).toBe(body);
      expect((await send([RESET, found(aTask())], `${API}/servers`, init)).result.outcome).toBe('accepted');
    }
  });

  async function* chunks() {
    yield await Promise.resolve(bytes);
  }
});

describe('a Request', () => {
  const request = () =>
    new Request(`${API}/servers`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Auth-Token': 't' },
      body: '{"a":1}',
      redirect: 'manual',
    });

  it('is sent again with its address, method, headers, body and settings; it is used up', async () => {
    const given = request();
    const { result, network } = await send(TWICE(), given);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    expect(given.bodyUsed).toBe(true);
    expect(await sentBodies(network)).toEqual(Array(2).fill(['application/json', '{"a":1}']));
    for (const { url, init } of network.made.filter(({ method }) => method === 'POST')) {
      expect([url, init.redirect]).toEqual([`${API}/servers`, 'manual']);
    }
    expect(network.made[1]?.headers.get('x-auth-token')).toBe('t');
  });

  it('gives way to what stands beside it, as with fetch', async () => {
    const { network } = await send([json(202, {})], request(), {
      method: 'PUT',
      body: 'other',
      headers: { a: 'b' },
    });
    expect(network.made[0]).toMatchObject({ method: 'PUT', init: { body: 'other' } });
    expect(network.made[0]?.headers.get('x-auth-token')).toBe(null);
  });

  it('ends with its own signal', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(send([], new Request(API, { method: 'POST', signal }))).rejects.toMatchObject({
      cause: { message: 'gone' },
      sent: 0,
    });
  });
});

describe('a tag', () => {
  it('goes out as its bytes in UTF-8, and into the look-up likewise', async () => {
    const tag = 'Bestellung №7/é?&#';
    const { result, network } = await send([RESET, found(aTask({ tag }))], `${API}/servers`, {
      method: 'POST',
      tag,
    });
    expect(result).toMatchObject({ outcome: 'accepted', tag });
    const header = network.made[0]?.headers.get('task-tag') ?? '';
    expect(Buffer.from(header, 'latin1').toString('utf8')).toBe(tag);
    expect(network.made[1]?.url).toBe(`${API}/tasks?tag=${encodeURIComponent(tag)}`);
  });

  it.each(['', ' a', 'a ', 'a\nb', 'a\0', '\ud800', 'é'.repeat(128)])(
    'that would not arrive as it is (%j) is refused before anything is sent',
    async (tag) => {
      const network = new ScriptedFetch([]);
      await expect(tagged(network.fetch, { lookup })(API, { method: 'POST', tag })).rejects.toThrow(
        TypeError,
      );
      expect(network.made).toEqual([]);
    },
  );

  it('goes by another header, where the server has another one', async () => {
    const { network } = await send([json(200, {})], API, {
      method: 'POST',
      tag: 'x',
      tagHeader: 'Idempotency-Key',
    });
    expect([...(network.made[0]?.headers ?? [])]).toEqual([['idempotency-key', 'x']]);
  });
});

describe('a request that cannot be', () => {
  it.each([
    ['an address that is none', 'http://[', {}],
    ['a method that is none', API, { method: 'A B' }],
    ['a header that is none', API, { headers: { 'a b': 'c' } }],
    ['a body that it must not have', API, { method: 'GET', body: 'x' }],
    ['a look-up that is none', API, { lookup: openstack({ endpoint: 'http://[' }) }],
  ])('since it has %s, is refused before anything is sent', async (_, url, init) => {
    const network = new ScriptedFetch([]);
    await expect(tagged(network.fetch, { lookup })(url, init)).rejects.toMatchObject(TYPE_ERROR);
    expect(network.made).toEqual([]);
  });
});
