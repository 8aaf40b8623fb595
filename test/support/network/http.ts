import { Agent, request as httpRequest } from 'node:http';

/** What a call sends. Header values are byte strings, and the path goes out as it is written. */
export interface Call {
  /** As in Nova's noauth2: `user:project`. */
  token?: string | null;
  tag?: string | string[];
  version?: string;
  headers?: Record<string, string | string[]>;
  /** An object goes out as JSON; text and bytes as they are. */
  body?: unknown;
}

/** An answer. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The parsed body; `undefined` when it is no JSON. Tests look into answers of many shapes. */
  json: any;
}

/** Calls a server with nothing between the test and the wire. */
export class Client {
  private readonly agent: Agent;

  /**
   * @param keepAlive Whether connections are used again. Not for a server in another process: it may close an idle one
   *   at the moment a busy test writes on it, and the request is lost.
   */
  constructor(
    readonly url: string,
    { keepAlive = true } = {},
  ) {
    this.agent = new Agent({ keepAlive, maxSockets: 64 });
  }

  get(path: string, call: Call = {}): Promise<Answer> {
    return this.call('GET', path, call);
  }

  post(path: string, body: unknown, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, { ...call, body });
  }

  put(path: string, body: unknown, call: Call = {}): Promise<Answer> {
    return this.call('PUT', path, { ...call, body });
  }

  delete(path: string, call: Call = {}): Promise<Answer> {
    return this.call('DELETE', path, call);
  }

  call(method: string, path: string, call: Call = {}): Promise<Answer> {
    const { hostname, port } = new URL(this.url);
    const { body } = call;
    // Bytes, since Node would send the headers before a text in UTF-8, and with them the tag.
    const payload = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(textOf(body));
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        { host: hostname, port, method, path, agent: this.agent, headers: headersOf(call, payload) },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text,
              json: parsed(text),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function headersOf({ token = 'alice:demo', tag, version, headers }: Call, payload: Buffer | undefined) {
  return {
    ...(token !== null && { 'X-Auth-Token': token }),
    ...(tag !== undefined && { 'Task-tag': tag }),
    ...(version !== undefined && { 'OpenStack-API-Version': `compute ${version}` }),
    ...(payload !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': String(payload.length),
    }),
    ...headers,
  };
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The bytes of a text in UTF-8, as a header value of Node's. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
