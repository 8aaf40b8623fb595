import type { KeystoneToken } from './token-body.js';
import { TokenCache } from './token-cache.js';

const MINUTE = 60_000;

describe('the cache of tokens', () => {
  let now: number;
  let asked: number;
  let cache: TokenCache;
  beforeEach(() => {
    now = 1_000_000;
    asked = 0;
    cache = new TokenCache(() => now);
  });

  function token(expiresAt: number): KeystoneToken {
    return { userId: 'u', projectId: 'p', roles: [], issuedAt: 0, expiresAt, accessRules: null };
  }

  function get(answer: KeystoneToken | null | Error, id = 'secret') {
    return cache.get(id, () => {
      asked++;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
  }

  it('asks once in five minutes, and then believes the new answer', async () => {
    const valid = token(now + 60 * MINUTE);
    expect(await get(valid)).toEqual(valid);
    now += 5 * MINUTE - 1;
    expect(await get(null)).toEqual(valid);
    expect(asked).toBe(1);
    now += 1;
    expect(await get(null)).toBeNull();
    expect(asked).toBe(2);
    expect(await get(null)).toBeNull();
    expect(asked).toBe(3);
  });

  it('does not let a token live beyond its end', async () => {
    expect(await get(token(now + MINUTE))).not.toBeNull();
    now += MINUTE - 1;
    expect(await get(null)).not.toBeNull();
    now += 1;
    expect(await get(token(now))).toBeNull();
    expect(asked).toBe(2);
  });

  it('believes nobody who calls an expired token valid', async () => {
    expect(await get(token(now))).toBeNull();
    expect(await get(token(now - 1))).toBeNull();
  });

  it('remembers neither an invalid token nor a failure', async () => {
    expect(await get(null)).toBeNull();
    await expect(get(new Error('down'))).rejects.toThrow('down');
    expect(await get(token(now + MINUTE))).not.toBeNull();
    expect(asked).toBe(3);
  });

  it('shares one question among all who ask at the same time, also its failure', async () => {
    const valid = token(now + MINUTE);
    expect(await Promise.all([get(valid), get(null), get(null)])).toEqual([valid, valid, valid]);
    expect(asked).toBe(1);
    now += MINUTE;
    const failures = await Promise.allSettled([get(new Error('down')), get(valid)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toBe(2);
  });

  it('tells tokens apart', async () => {
    expect(await get(token(now + MINUTE), 'a')).not.toBeNull();
    expect(await get(null, 'b')).toBeNull();
  });
});
