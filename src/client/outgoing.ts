/** The request that a look-up is about. */
export interface TaggedRequest {
  method: string;
  /** Absolute. */
  url: string;
  /** With the tag. */
  headers: Headers;
}

/** A request as it goes out, once or several times, each time with the same bytes. */
export interface Outgoing extends TaggedRequest {
  /** The rest of what `fetch` takes, with the body. */
  init: RequestInit;
  /** Whether its body can be sent a second time. */
  isResendable: boolean;
}

/** What of a `Request` holds for each attempt; its address, headers, body and signal are dealt with apart. */
const KEPT = [
  'cache',
  'credentials',
  'integrity',
  'keepalive',
  'mode',
  'redirect',
  'referrer',
  'referrerPolicy',
] as const;

/**
 * Reads what was given to `fetch`, so that all attempts are the same request. What may change meanwhile is copied; a
 * form is written out, since each writing of it would have another boundary, and so be another request.
 *
 * @throws TypeError for what is no request, before anything is sent
 */
export async function outgoing(
  input: string | URL | Request,
  init: RequestInit,
  tagHeader: string,
  tag: string,
): Promise<Outgoing> {
  const given = isRequest(input) ? input : null;
  const kept = given === null ? {} : Object.fromEntries(KEPT.map((name) => [name, given[name]]));
  const { body: ownBody = null, ...rest } = init;
  const body = ownBody === null && given !== null ? await bodyOf(given) : ownBody;
  const isResendable = !isStream(body);
  const written = new Request(given?.url ?? input, {
    ...kept,
    ...rest,
    method: init.method ?? given?.method ?? 'GET',
    headers: init.headers ?? given?.headers ?? {},
    body: isResendable ? body : null,
  });
  const { url, method } = written;
  const headers = new Headers(written.headers);
  headers.set(tagHeader, tag);
  const isFixed = body === null || typeof body === 'string' || body instanceof Blob || !isResendable;
  const sent = isFixed ? body : await written.arrayBuffer();
  return { method, url, headers, init: { ...kept, ...rest, method, body: sent }, isResendable };
}

/** In memory, which uses the Request up, as fetch does. Not every browser has `Request.body` to tell whether there is one. */
async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  const bytes = await request.arrayBuffer();
  return bytes.byteLength > 0 ? bytes : null;
}

/** By what it has, since there are several classes of this name. */
function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'arrayBuffer' in input;
}

/** Node takes any asynchronous iterable for a stream. */
function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
}
