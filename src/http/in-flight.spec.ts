import fc from 'fast-check';
import { InFlight, InFlightByKey } from './in-flight.js';

describe('things in flight', () => {
  it('are those that were added and not removed, whatever the order', () => {
    const steps = fc.array(fc.oneof(fc.constant('add' as const), fc.nat()));
    fc.assert(
      fc.property(steps, (all) => {
        const things = new InFlight<number>();
        const there: { place: number; thing: number }[] = [];
        all.forEach((step, n) => {
          if (step === 'add') there.push({ place: things.add(n), thing: n });
          else if (there.length > 0) {
            const [gone] = there.splice(step % there.length, 1);
            things.remove((gone as { place: number }).place);
          }
        });
        expect([...things].sort((a, b) => a - b)).toEqual(there.map(({ thing }) => thing));
        expect(things.size).toBe(there.length);
        for (const { place, thing } of there) expect(things.at(place)).toBe(thing);
      }),
    );
  });

  it('take no more places than were needed at once', () => {
    const things = new InFlight<object>();
    const places = Array.from({ length: 1000 }, () => {
      const place = things.add({});
      things.remove(place);
      return place;
    });
    expect(new Set(places).size).toBe(1);
  });

  it('with keys are found by them, as in a map', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const steps = fc.array(fc.tuple(fc.constantFrom('set' as const, 'delete' as const), key));
    fc.assert(
      fc.property(steps, (all) => {
        const things = new InFlightByKey<number>();
        const map = new Map<string, number>();
        all.forEach(([step, name], n) => {
          if (step === 'set') {
            things.set(name, n);
            map.set(name, n);
          } else {
            things.delete(name);
            map.delete(name);
          }
        });
        for (const name of ['a', 'b', 'c']) expect(things.get(name)).toBe(map.get(name));
        expect([...things].sort((a, b) => a - b)).toEqual([...map.values()].sort((a, b) => a - b));
        expect(things.size).toBe(map.size);
      }),
    );
  });
});
