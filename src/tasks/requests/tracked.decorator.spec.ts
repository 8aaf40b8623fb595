import { Tracked } from './tracked.decorator.js';
import type { TrackedOptions } from './tracked.options.js';

const task = () => 'order';

describe('@Tracked() with invalid options', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /option task must be of the type string or function/],
    [{}, /option task must be of the type string or function/],
    [{ task: 7 }, /option task must be of the type string or function/],
    [{ task: '' }, /option task must be a name of 1 to 64 characters/],
    [{ task: 'x'.repeat(65) }, /option task must be a name of 1 to 64 characters/],
    [{ task: 'a\0' }, /option task must be a name of 1 to 64 characters/],
    [{ task, outcomes: () => null }, /no option outcomes; it has .*outcomeOfError/],
    [{ task, parameters: 'body' }, /option parameters must be of the type function/],
    [{ task, duplicates: 'nonsense' }, /option duplicates must be "refuse", "replay" or "answer"/],
    [{ task, sameTransaction: 'x' }, /option sameTransaction must be of the type boolean/],
    [{ task, duplicates: 'replay', replay: { redact: 'card.number' } }, /replay.redact must be a list/],
    [{ task, duplicates: 'replay', replay: { redact: [7] } }, /replay.redact must be a list/],
    [{ task, duplicates: 'replay', replay: { headers: 'location' } }, /replay.headers must be a list/],
    [
      { task, duplicates: 'replay', replay: { headers: ['Set-Cookie'] } },
      /set-cookie .* cannot be sent again/,
    ],
    [
      { task, duplicates: 'replay', replay: { redacted: [] } },
      /replay has no option redacted; it has .*redact/,
    ],
  ])('stops the start: %o', (options, text) => {
    expect(() => decorated(options)).toThrow(text);
    expect(() => decorated(options)).toThrow(TypeError);
  });

  it('is told where it is', () => {
    expect(() => decorated({})).toThrow(/^Orders\.place\(\): @Tracked\(\)'s option task/);
    expect(() => Tracked({ task: '' })(class Shop {})).toThrow(/^Shop: @Tracked\(\)'s option task/);
  });
});

/** A class with a handler that has these options. */
function decorated(options: unknown) {
  class Orders {
    @Tracked(options as TrackedOptions<unknown>)
    place() {}
  }
  return Orders;
}
