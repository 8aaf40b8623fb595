import { BadRequest } from '../../../openstack/faults.js';
import { filterFlavors } from './flavor-filters.js';
import { FLAVORS } from './flavors.js';

function ids(query: Record<string, string>, isAdmin = false): string {
  return filterFlavors(FLAVORS, new Map(Object.entries(query)), isAdmin)
    .map(({ id }) => id)
    .join('');
}

describe('the flavors of a list', () => {
  it('are those that are large enough', () => {
    expect(ids({})).toBe('12345');
    expect(ids({ minRam: '4096' })).toBe('345');
    expect(ids({ minRam: '1', minDisk: '100' })).toBe('5');
    expect(() => ids({ minDisk: 'x' })).toThrow(new BadRequest('Invalid minDisk filter [x]'));
    expect(() => ids({ minRam: '' })).toThrow(new BadRequest('Invalid minRam filter []'));
  });

  it('are public, which only administrators may ask about', () => {
    expect([ids({ is_public: 'None' }, true), ids({ is_public: 'true' }, true)]).toEqual(['12345', '12345']);
    expect(ids({ is_public: 'False' }, true)).toBe('');
    expect([ids({ is_public: 'False' }), ids({ is_public: 'x' })]).toEqual(['12345', '12345']);
    expect(() => ids({ is_public: 'x' }, true)).toThrow(new BadRequest('Invalid is_public filter [x]'));
  });
});
