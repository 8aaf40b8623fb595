import { existingServers } from './existing-servers.js';
import { NovaUnavailable } from './reader/nova-reader.errors.js';

const ID = 'd10f99f6-e2ab-43e8-9abe-8fd85dbb2e6e';
const OTHER = '5b1a0a4e-1e0b-4b8a-9a53-0e3b5f0f6c11';
const EMPTY = { status: 200, body: { servers: [] } };
const GONE = { status: 404, body: { itemNotFound: { code: 404 } } };
const NEVER = new AbortController().signal;

/** A Nova that answers the list and the single server as told, and what it was asked. */
function nova(listed: unknown, shown: unknown) {
  const asked: string[] = [];
  const get = (path: string) => {
    asked.push(path);
    const answer = path.includes('?') ? listed : shown;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as typeof GONE);
  };
  return { get, asked };
}

describe('a server counts as gone', () => {
  it('when Nova neither lists nor shows it', async () => {
    const reader = nova(EMPTY, GONE);
    expect([...(await existingServers(reader, [ID, OTHER], NEVER))]).toEqual([]);
    expect(reader.asked).toHaveLength(4);
  });

  it.each([
    ['is listed', { status: 200, body: { servers: [{ id: ID }] } }, GONE],
    ['is shown', EMPTY, { status: 200, body: { server: { id: ID, status: 'SOFT_DELETED' } } }],
    ['cannot be listed by this user', { status: 403, body: { forbidden: {} } }, GONE],
    ['is listed in a way that is no list', { status: 200, body: '<html>' }, GONE],
    ['cannot be shown by this user', EMPTY, { status: 403, body: {} }],
    ['cannot be shown, since its cell is down', EMPTY, { status: 500, body: {} }],
    ['cannot be asked about', new NovaUnavailable('it is frozen'), GONE],
  ])('but not when it %s', async (_, listed, shown) => {
    expect([...(await existingServers(nova(listed, shown), [ID], NEVER))]).toEqual([ID]);
  });

  it('but not under an id that would be another question', async () => {
    const reader = nova(EMPTY, GONE);
    expect([...(await existingServers(reader, ['x&status=ERROR'], NEVER))]).toEqual(['x&status=ERROR']);
    expect(reader.asked).toEqual([]);
  });

  it('and a Nova that does not answer is not asked on and on', async () => {
    const reader = nova(new NovaUnavailable('it is frozen'), GONE);
    const ids = Array.from({ length: 50 }, (_, n) => ID.replace(/^../, String(n + 10)));
    expect((await existingServers(reader, ids, NEVER)).size).toBe(50);
    expect(reader.asked.length).toBeLessThanOrEqual(2);
  });

  it('and a server that stops asks nothing any more', async () => {
    const reader = nova(EMPTY, GONE);
    expect((await existingServers(reader, [ID, OTHER], AbortSignal.abort())).size).toBe(2);
    expect(reader.asked).toEqual([]);
  });
});
