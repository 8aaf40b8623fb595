import { globalRequestId, newRequestId } from './request-id.js';

const ID = 'req-0a1b2c3d-4e5f-6789-abcd-ef0123456789';

function read(id?: string): string | null {
  return globalRequestId({ headers: id === undefined ? {} : { 'x-openstack-request-id': id } });
}

describe('the global request id', () => {
  it('is the one that the client sends', () => {
    expect(read(ID)).toBe(ID);
  });

  it('may be one of our own kind', () => {
    const id = newRequestId();
    expect(read(id)).toBe(id);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['a UUID without req-', ID.slice(4)],
    ['capitals', ID.toUpperCase()],
    ['capitals in the UUID', `req-${ID.slice(4).toUpperCase()}`],
    ['a digit too few', ID.slice(0, -1)],
    ['a digit too many', `${ID}0`],
    ['a letter that is no digit', ID.replace('a', 'g')],
    ['something after it', `${ID}\n`],
    ['something before it', ` ${ID}`],
    ['two of them', `${ID}, ${ID}`],
  ])('is null for %s, as in Nova', (_, id) => {
    expect(read(id)).toBeNull();
  });
});
