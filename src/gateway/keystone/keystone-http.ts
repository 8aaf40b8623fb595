import { KeystoneUnavailable } from './keystone.errors.js';

/** Keystone's answer. */
export interface KeystoneAnswer {
  status: number;
  headers: Headers;
  /** The parsed body; `null` if it is not JSON. */
  body: unknown;
}

/** Milliseconds until Keystone must have answered completely. */
const TIME_LIMIT_MS = 10_000;

/**
 * Calls Keystone once. A redirect is not followed: it would take the tokens to another address.
 *
 * @throws KeystoneUnavailable when no complete answer comes in time, or one that reports an outage
 */
export async function callKeystone(
  url: string,
  init: RequestInit,
  timeLimitMs = TIME_LIMIT_MS,
): Promise<KeystoneAnswer> {
  const answer = await receive(url, init, timeLimitMs);
  if (answer.status >= 500 || answer.status === 429) {
    throw new KeystoneUnavailable(`${url} answered ${answer.status}`);
  }
  return answer;
}

async function receive(url: string, init: RequestInit, timeLimitMs: number): Promise<KeystoneAnswer> {
  try {
    const signal = AbortSignal.timeout(timeLimitMs);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  } catch (error) {
    throw new KeystoneUnavailable(`${url} does not answer: ${causeOf(error, timeLimitMs)}`);
  }
}

/** Only the code of a failure: its text may quote the request. */
function causeOf(error: unknown, timeLimitMs: number): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return name === 'TimeoutError' ? `no answer in ${timeLimitMs} ms` : (cause?.code ?? name ?? 'unknown');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
