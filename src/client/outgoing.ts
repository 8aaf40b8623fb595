/** The request that a look-up is about. */
export interface TaggedRequest {
  method: string;
  /** Absolute. */
  url: string;
  /** With the tag. */
  headers: Headers;
}

/** A request as it is sent, once or several times, each time with the same bytes. */
export interface Outgoing extends TaggedRequest {
  /** The other options of `fetch`, with the body. */
  init: RequestInit;
  /** Whether its body can be sent again. */
  isResendable: boolean;
}

/** Properties of a `Request` that apply to every attempt; address, headers, body and signal are handled apart. */
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
 * Reads the arguments of `fetch`, so that all attempts are the same request. Values that may change meanwhile are
 * copied; a form is serialized once, since each serialization has another boundary and would be another request.
 *
 * @throws TypeError for an invalid request, before anything is sent
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

/** Reads it into memory, which uses the Request up, as fetch does. Not every browser has `Request.body` to ask. */
async function bodyOf(request: Request): Promise<ArrayBuffer | null> {
  const bytes = await request.arrayBuffer();
  return bytes.byteLength > 0 ? bytes : null;
}

/** Recognized by its methods, since there are several classes of this name. */
function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'arrayBuffer' in input;
}

/** Node takes any asynchronous iterable as a stream. */
function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
}
