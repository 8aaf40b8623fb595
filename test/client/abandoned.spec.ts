import { aTask, found, json, RESET } from '../support/network/scripted-fetch.js';
import { ACCEPTED, create } from '../support/network/tagged-create.js';

const REJECTED = { state: 'failure', accepted: false } as const;
const ABANDONMENT = aTask({
  ...REJECTED,
  uuid: 'abandonment',
  task: 'abandon',
  resource: {},
  fault: { code: 410, message: 'This tag was abandoned' },
  resolved: { by: 'bob', at: '2026-01-31T12:00:00.000Z', reason: 'too slow' },
});
const LATE = aTask({ ...REJECTED, fault: { code: 410, message: 'This tag was abandoned' } });
const gone = () => json(410, { gone: { code: 410, message: 'This tag was abandoned', task: ABANDONMENT } });

describe('when the tag was abandoned', () => {
  it.each([
    ['a compute API', gone],
    ['a library host', () => json(410, { statusCode: 410, code: 'TAG_ABANDONED', task: ABANDONMENT })],
  ])('it says so, by whom and why, and sends nothing again: %s', async (_, answer) => {
    const { result, network } = await create([answer()]);
    expect(result).toMatchObject({ outcome: 'abandoned', sent: 1, response: { status: 410 } });
    expect(result).toMatchObject({ task: { resolved: { by: 'bob', reason: 'too slow' } } });
    expect(network.methods).toEqual(['POST']);
  });

  it.each([
    ['alone', [ABANDONMENT]],
    ['after a request that came late', [LATE, ABANDONMENT]],
  ])('the look-up after a lost answer says so as well: %s', async (_, tasks) => {
    const { result, network } = await create([RESET, found(...tasks)]);
    expect(result).toMatchObject({ outcome: 'abandoned', sent: 1, task: ABANDONMENT });
    expect(network.methods).toEqual(['POST', 'GET']);
  });

  it('between two copies of the request, neither was carried out', async () => {
    const { result, network } = await create([RESET, found(), gone()]);
    expect(result).toMatchObject({ outcome: 'abandoned', sent: 2 });
    expect(network.methods).toEqual(['POST', 'GET', 'POST']);
  });
});

it.each([{}, { code: 410, message: 'the offer has ended' }, { task: aTask() }, null])(
  "an application's own 410 is its answer: %p",
  async (body) => {
    const { result } = await create([json(410, body)]);
    expect(result).toMatchObject({ outcome: 'answered', response: { status: 410 } });
  },
);

it('a task of a host that is called abandon is a task as any other', async () => {
  const { result } = await create([RESET, found(aTask({ ...REJECTED, task: 'abandon' }))]);
  expect(result).not.toMatchObject({ outcome: 'abandoned' });
  expect((await create([ACCEPTED()])).result).toMatchObject({ outcome: 'answered' });
});
