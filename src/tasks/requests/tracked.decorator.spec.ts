import { Tracked } from './tracked.decorator.js';
import type { TrackedOptions } from './tracked.options.js';

const task = () => 'order';

describe('@Tracked() with invalid options', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /option task must be of the type function/],
    [{}, /option task must be of the type function/],
    [{ task: 'order' }, /option task must be of the type function/],
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
    expect(() => Tracked(options as TrackedOptions<unknown>)).toThrow(text);
    expect(() => Tracked(options as TrackedOptions<unknown>)).toThrow(TypeError);
  });
});
