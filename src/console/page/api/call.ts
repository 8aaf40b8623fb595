import { setClock } from '../clock.js';
import { session, signOut } from '../session.js';
import { addressOf, settings } from '../settings.js';
import { AwayError, RefusedError, SignedOutError, textOfAnswer } from './errors.js';

/** How long an answer may take, in milliseconds. */
const LONGEST_MS = 30_000;

/** Statuses of a server that is not there, as proxies answer for it, or as it answers while its database is away. */
const AWAY = [502, 503, 504];

export interface Call {
  method?: string;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Calls the API as the user.
 *
 * @param url relative to the page
 * @throws AwayError, SignedOutError or RefusedError
 */
export async function call(url: string, { method = 'GET', body, signal }: Call = {}): Promise<unknown> {
  const headers = {
    Accept: 'application/json',
    ...tokenHeader(),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  const limit = AbortSignal.timeout(LONGEST_MS);
  const answer = await receive(addressOf(url), {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  });
  if (answer.status === 401) {
    signOut({ expired: true });
    throw new SignedOutError();
  }
  return answer.body;
}

/** The header with the user's token, by the way of signing in. */
export function tokenHeader(token = session.value?.token): Record<string, string> {
  const { signIn } = settings;
  if (signIn.by === 'browser' || token === undefined) return {};
  if (signIn.by === 'keystone') return { 'X-Auth-Token': token };
  return { [signIn.header]: signIn.scheme === null ? token : `${signIn.scheme} ${token}` };
}

/** Sends a request, and reads its answer; that of a 401 too. */
export async function receive(
  url: URL,
  init: RequestInit,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, { ...init, cache: 'no-store' });
    body = await response.json().catch(() => null);
  } catch (error) {
    if (init.signal?.aborted === true && (error as Error).name === 'AbortError') throw error;
    throw new AwayError('The server does not answer.');
  }
  const { status, headers } = response;
  setClock(headers.get('date'));
  if (AWAY.includes(status)) throw new AwayError(textOfAnswer(status, body));
  if (!response.ok && status !== 401) throw new RefusedError(status, textOfAnswer(status, body));
  return { status, headers, body };
}
