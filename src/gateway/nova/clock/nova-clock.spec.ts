import { Logger } from '@nestjs/common';
import { NovaUnavailable } from '../reader/nova-reader.errors.js';
import { NovaClock } from './nova-clock.js';
import type { Offset } from './offset.js';

const NOW = Date.parse('2026-11-29T00:30:19.123Z');

describe("Nova's clock", () => {
  let now: number;
  /** By how much Nova is ahead, in milliseconds. */
  let ahead: number;
  /** How long a question takes, in milliseconds; half of it before Nova looks at its clock. */
  let takesMs: number;
  let status: number | 'down' | null;
  let dateOffset: Offset | null;
  let asked: number;
  let lines: string[];
  beforeEach(() => {
    [now, ahead, takesMs, status, dateOffset, asked, lines] = [NOW, 0, 50, null, null, 0, []];
    for (const level of ['log', 'warn'] as const)
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...said: unknown[]) => void lines.push(`${level} ${String(said[0])}`));
  });
  afterEach(() => jest.restoreAllMocks());

  function clock(): NovaClock {
    const get = (path: string) => {
      if (status === 'down') return Promise.reject(new NovaUnavailable('it is frozen'));
      const start = Date.parse(`${/\?start=([-\dT:.]+)$/.exec(path)?.[1]}Z`);
      now += takesMs / 2;
      const told = start < now + ahead ? 200 : 400;
      now += takesMs / 2;
      asked += 1;
      return Promise.resolve({ status: status ?? told, body: null });
    };
    return new NovaClock({ get, dateOffset }, () => now);
  }

  it.each([0, 900, -900])('that is %d ms ahead is known by two questions', async (ms) => {
    ahead = ms;
    const { earliest, latest } = (await clock().known()) as Offset;
    expect(asked).toBe(2);
    expect(earliest).toBeLessThanOrEqual(ms);
    expect(latest).toBeGreaterThanOrEqual(ms);
    expect(latest - earliest).toBeLessThan(2100);
    expect(lines).toEqual([expect.stringMatching(/^log .*known from its own answers/)]);
  });

  it.each([120_000, -120_000, 3_600_000, -86_400_000 * 400, 7300])(
    'that is %d ms ahead is known to seconds, and told as a warning',
    async (ms) => {
      ahead = ms;
      const { earliest, latest } = (await clock().known()) as Offset;
      expect(earliest).toBeLessThanOrEqual(ms);
      expect(latest).toBeGreaterThanOrEqual(ms);
      expect(latest - earliest).toBeLessThan(4100);
      expect(lines).toEqual([expect.stringMatching(/^warn The clocks of Nova and of this server differ/)]);
    },
  );

  it('is bounded rightly when each answer takes seconds', async () => {
    ahead = -31_000;
    takesMs = 9000;
    const { earliest, latest } = (await clock().known()) as Offset;
    expect(earliest).toBeLessThanOrEqual(-31_000);
    expect(latest).toBeGreaterThanOrEqual(-31_000);
    expect(latest - earliest).toBeLessThan(30_000);
  });

  it('is no single one when Nova has servers whose clocks differ: all of them are allowed for', async () => {
    const told = clock();
    for (const ms of [0, 60_000, 0]) {
      ahead = ms;
      await told.known();
      now += 61_000;
    }
    const { earliest, latest } = told.offset as Offset;
    expect(earliest).toBeLessThanOrEqual(0);
    expect(latest).toBeGreaterThanOrEqual(60_000);
  });

  it('that was put right is allowed for as it was, for an hour', async () => {
    ahead = 120_000;
    const told = clock();
    await told.known();
    ahead = 0;
    now += 61_000;
    await told.known();
    expect(told.offset?.latest).toBeGreaterThanOrEqual(120_000);
    now += 3_600_000;
    await told.known();
    expect(told.offset?.latest).toBeLessThan(1100);
  });

  it.each([200, 400, 403, 404])(
    'is known from the Date alone when Nova always answers %d',
    async (always) => {
      status = always;
      dateOffset = { earliest: -400, latest: 700 };
      const told = clock();
      expect(await told.known()).toEqual(dateOffset);
      expect(told.source).toBe('date');
      expect(lines).toEqual([expect.stringMatching(/^log .*may be that of a proxy/)]);
    },
  );

  it('is not known without either, which is said once', async () => {
    status = 403;
    const told = clock();
    expect(await told.known()).toBeNull();
    now += 61_000;
    expect(await told.known()).toBeNull();
    expect(told.source).toBe('none');
    expect(lines).toEqual([expect.stringMatching(/^warn Nova's clock is not known/)]);
  });

  it('of a Nova that does not answer stays what it was, and is asked again', async () => {
    const told = clock();
    status = 'down';
    expect(await told.known()).toBeNull();
    status = null;
    const known = await told.known();
    expect(known).not.toBeNull();
    now += 61_000;
    status = 'down';
    expect(await told.known()).toEqual(known);
    expect(told.source).toBe('nova');
  });
});
