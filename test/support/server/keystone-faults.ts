import type { Answer } from '../network/http.js';

/** Keystone's own shape. */
export function expectError({ status, json }: Answer, code: number): void {
  expect(status).toBe(code);
  expect(json).toEqual({ error: { code, message: expect.any(String), title: expect.any(String) } });
}

/** An answer to nobody, which says where to get a token. */
export function expectUnauthorized(answer: Answer): void {
  expectError(answer, 401);
  expect(answer.headers['www-authenticate']).toMatch(/^Keystone uri="http:\/\/.*\/identity\/v3"$/);
}
