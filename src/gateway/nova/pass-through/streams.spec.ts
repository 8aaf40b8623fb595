import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Passing } from '../../../../test/support/network/passing.js';
import { until } from '../../../../test/support/until.js';

const MB = 1024 * 1024;

/** More than the buffers of all sockets on the way hold together. */
const LONG = 128 * MB;

/** Writes until a peer holds it up, and goes on when it no longer does. */
class Writer {
  written = 0;
  private isHeldUp = false;

  constructor(
    private readonly to: ServerResponse | ClientRequest,
    private readonly bytes: number,
  ) {
    to.on('drain', () => this.write());
    to.on('error', () => undefined);
    this.write();
  }

  /** Whether nothing has moved for some turns of the event loop. */
  async isStuck(): Promise<boolean> {
    const before = this.written;
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return this.isHeldUp && this.written === before && before < this.bytes;
  }

  private write(): void {
    this.isHeldUp = false;
    while (this.written < this.bytes) {
      this.written += MB;
      if (!this.to.write(Buffer.alloc(MB))) {
        this.isHeldUp = true;
        return;
      }
    }
    this.to.end();
  }
}

describe('long bodies that are passed through', () => {
  let passing: Passing;
  const agent = new Agent();

  const put = (headers: Record<string, string> = {}) =>
    request(`${passing.client.url}/v2.1/images`, { method: 'PUT', agent, headers }).on(
      'error',
      () => undefined,
    );

  afterEach(() => passing.stop());
  afterAll(() => agent.destroy());

  it('go to Nova while they are still coming in', async () => {
    let bytes = 0;
    passing = await Passing.toHttp((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
      incoming.on('end', () => response.end(`${bytes} ${incoming.headers['content-length']}`));
    });
    const outgoing = put({ 'Content-Length': '150000' });
    outgoing.write(Buffer.alloc(100_000));
    await until('the first part to arrive', () => bytes === 100_000);
    outgoing.end(Buffer.alloc(50_000));
    expect(await textOf(outgoing)).toBe('150000 150000');
  });

  it('go to Nova in chunks when they come in chunks', async () => {
    let bytes = 0;
    passing = await Passing.toHttp((incoming, response) => {
      incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
      incoming.on('end', () => response.end(`${bytes} ${incoming.headers['transfer-encoding']}`));
    });
    const outgoing = put();
    outgoing.write('one');
    await until('the first chunk to arrive', () => bytes === 3);
    outgoing.end('two');
    expect(await textOf(outgoing)).toBe('6 chunked');
  });

  it('come in no faster than Nova takes them', async () => {
    let incoming: IncomingMessage | undefined;
    passing = await Passing.toHttp((asked, response) => {
      incoming = asked.pause();
      asked.on('end', () => response.end('done'));
    });
    const outgoing = put();
    const writer = new Writer(outgoing, LONG);
    await until('the client to be held up', () => incoming !== undefined && writer.isStuck());
    incoming?.resume();
    expect(await textOf(outgoing)).toBe('done');
    expect(writer.written).toBe(LONG);
  });

  it('come to the client while Nova is still sending them', async () => {
    let goOn: () => void = () => undefined;
    passing = await Passing.toHttp((_request, response) => {
      response.write('one,');
      goOn = () => response.end('two');
    });
    const response = await get();
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toBe('one,');
    goOn();
    const [second] = (await once(response, 'data')) as [Buffer];
    expect(second.toString()).toBe('two');
  });

  it('are asked of Nova no faster than the client reads them', async () => {
    let writer: Writer | undefined;
    passing = await Passing.toHttp((_request, response) => {
      response.writeHead(200, { 'Content-Length': LONG });
      writer = new Writer(response, LONG);
    });
    const response = (await get()).pause();
    await until('Nova to be held up', () => writer?.isStuck());
    let bytes = 0;
    response.on('data', (chunk: Buffer) => (bytes += chunk.length));
    response.resume();
    await once(response, 'end');
    expect(bytes).toBe(LONG);
  });

  it('end for Nova too when the client has gone', async () => {
    passing = await Passing.toHttp((_request, response) => {
      response.writeHead(200, { 'Content-Length': LONG });
      new Writer(response, LONG);
    });
    const response = await get();
    expect(passing.upstreamConnections).toBe(1);
    response.destroy();
    await until('the connection to Nova to be closed', () => passing.upstreamConnections === 0);
  });

  it('end for Nova too when the client had gone before Nova was reached', async () => {
    let asked = 0;
    passing = await Passing.toHttp((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'Content-Length': LONG });
      new Writer(response, LONG);
    });
    const { hostname, port } = new URL(passing.client.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('GET /v2.1/images HTTP/1.1\r\nHost: nova\r\n\r\n', () => socket.resetAndDestroy());
    await until('the client to be gone', () => passing.answered === 1);
    await until('the connection to Nova to be closed', () => passing.upstreamConnections === 0);
    expect(asked).toBeLessThanOrEqual(1);
  });

  async function get(): Promise<IncomingMessage> {
    const outgoing = request(`${passing.client.url}/v2.1/images`, { agent }).end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  }
});

async function textOf(outgoing: ClientRequest): Promise<string> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(response, 'end');
  return text;
}
