import { ACCEPTED, API, create } from '../support/network/tagged-create.js';
import { ScriptedFetch } from '../support/network/scripted-fetch.js';
import { openstack, tagged } from '../../src/client/index.js';

describe('a tag that the caller has set as a header', () => {
  const headers = { 'X-Auth-Token': 't', 'tASK-TAG': 'invoice-7' };

  it('is the tag', async () => {
    const { result, network } = await create([ACCEPTED()], { tag: undefined, headers });
    expect(result).toMatchObject({ outcome: 'answered', tag: 'invoice-7' });
    expect(network.made[0]?.headers.get('task-tag')).toBe('invoice-7');
  });

  it('is the tag, also in a Request, and under another name', async () => {
    const network = new ScriptedFetch([ACCEPTED(), ACCEPTED()]);
    const send = tagged(network.fetch, {
      lookup: openstack({ endpoint: API }),
      tagHeader: 'Idempotency-Key',
    });
    const request = () =>
      new Request(`${API}/servers`, { method: 'POST', headers: { 'Idempotency-Key': 'k1' } });
    expect((await send(request())).tag).toBe('k1');
    // As with fetch, headers that are given besides a Request replace its own.
    expect((await send(request(), { headers: { 'Idempotency-Key': 'k2' } })).tag).toBe('k2');
  });

  it('is the text that its bytes are, so that a look-up finds it', async () => {
    const value = String.fromCharCode(...new TextEncoder().encode('größe'));
    const { result } = await create([ACCEPTED()], { tag: undefined, headers: { 'Task-tag': value } });
    expect(result).toMatchObject({ tag: 'größe' });
  });

  it('may be given as the option besides', async () => {
    const { result } = await create([ACCEPTED()], { tag: 'invoice-7', headers });
    expect(result).toMatchObject({ outcome: 'answered', tag: 'invoice-7' });
  });

  it.each([
    ['differs from the option', 'invoice-8', headers, /differ/],
    ['is empty', undefined, { 'Task-tag': '' }, /1 to 255 bytes/],
    ['is not in UTF-8', undefined, { 'Task-tag': 'größe' }, /not in UTF-8/],
    ['is too long', undefined, { 'Task-tag': 'x'.repeat(256) }, /1 to 255 bytes/],
  ])('is a TypeError before anything is sent when it %s', async (_, tag, given, message) => {
    const { result, network } = await create([ACCEPTED()], { tag, headers: given });
    expect(result).toBeInstanceOf(TypeError);
    expect((result as unknown as Error).message).toMatch(message);
    expect(network.made).toEqual([]);
  });
});
