import { BadRequest, NotFound } from '../../openstack/faults.js';
import { pageOf } from './paging.js';

const LETTERS = ['a', 'b', 'c'];

function page(query: Record<string, string>, all = LETTERS) {
  return pageOf(
    all,
    new Map(Object.entries(query)),
    (letter) => letter,
    (marker) => new NotFound(`no ${marker}`),
  );
}

describe('a page of a list', () => {
  it('is the whole list without a limit', () => {
    expect(page({})).toEqual({ items: LETTERS, nextMarker: null });
    expect(page({ limit: '3' })).toEqual({ items: LETTERS, nextMarker: null });
  });

  it('names the marker of the next one, so that all pages together are the list', () => {
    expect(page({ limit: '2' })).toEqual({ items: ['a', 'b'], nextMarker: 'b' });
    expect(page({ limit: '2', marker: 'b' })).toEqual({ items: ['c'], nextMarker: null });
    expect(page({ marker: 'c' })).toEqual({ items: [], nextMarker: null });
  });

  it('is empty for a limit of 0', () => {
    expect(page({ limit: '0' })).toEqual({ items: [], nextMarker: null });
  });

  it('has at most 1000 items', () => {
    const many = Array.from({ length: 1001 }, (_, index) => `${index}`);
    expect(page({ limit: '99999999999999999999' }, many).items).toHaveLength(1000);
    expect(page({}, many).nextMarker).toBe('999');
  });

  it('is refused for a limit that is no number, and for a marker that is not in the list', () => {
    const complaint = (text: string) =>
      new BadRequest(`Invalid input for query parameters limit. Value: ${text}`);
    expect(() => page({ limit: '-1' })).toThrow(complaint("-1. '-1' does not match '^[0-9]*$'"));
    expect(() => page({ limit: '' })).toThrow(complaint(". '' is too short"));
    expect(() => page({ marker: 'z' })).toThrow(new NotFound('no z'));
  });
});
