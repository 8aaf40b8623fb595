import { parseDateTime } from './date-time.js';

describe('parseDateTime', () => {
  const NOON = Date.UTC(2026, 0, 31, 12);

  it.each([
    ['2026-01-31T12:00:00Z', NOON],
    ['2026-01-31T12:00:00', NOON],
    ['2026-01-31 12:00:00', NOON],
    ['2026-01-31T12:00:00.000000', NOON],
    ['2026-01-31T13:00:00+01:00', NOON],
    ['2026-01-31', Date.UTC(2026, 0, 31)],
  ])('reads %s, as UTC without a zone', (text, time) => {
    expect(parseDateTime(text)).toBe(time);
  });

  it.each(['', 'x', '2026-13-01', '2026-01-31T25:00:00'])('reads nothing in %p', (text) => {
    expect(parseDateTime(text)).toBeNull();
  });
});
