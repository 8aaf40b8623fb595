import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createdSince, newServer, serverOf, serversOf, stopMaking } from './stand-in-servers.js';

/**
 * Stands in for Nova: it answers at once, with Nova's headers and in Nova's form, and all servers are made the moment
 * that they are asked for. Its parent gets its URL, and how much of large answers has gone out whenever it asks.
 */
const VERSION = {
  version: { id: 'v2.1', status: 'CURRENT', version: '2.93', min_version: '2.1', links: [] },
};

/** A list of one page as clients ask for it: 2 KB. */
const LIST = Buffer.from(JSON.stringify({ servers: [serverOf(0), serverOf(1)] }));

const CHUNK = Buffer.alloc(64 * 1024, 'x');

let largeBytesSent = 0;

const SERVER = /^\/v2\.1\/servers\/[0-9a-f-]{36}$/;

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { pathname, searchParams } = new URL(request.url as string, 'http://nova');
  const isRead = request.method === 'GET';
  if (pathname === '/v2.1/large') sendLarge(response, Number(searchParams.get('bytes')));
  else if (pathname === '/v2.1' || pathname === '/v2.1/') send(response, 200, JSON.stringify(VERSION));
  else if (pathname === '/v2.1/servers' && !isRead) create(response);
  else if (searchParams.has('all_tenants'))
    send(response, 200, JSON.stringify(serversOf(createdSince(searchParams), searchParams)));
  else if (pathname === '/v2.1/servers/detail' || pathname === '/v2.1/servers') send(response, 200, LIST);
  else if (SERVER.test(pathname) && isRead)
    send(response, 200, JSON.stringify({ server: serverOf(numberIn(pathname)) }));
  else if (pathname.endsWith('/os-instance-actions')) send(response, 200, '{"instanceActions": []}');
  else if (searchParams.has('start')) usage(response, Date.parse(`${searchParams.get('start')}Z`));
  else if (pathname.endsWith('/metadata')) send(response, 200, body);
  else send(response, 404, '{"itemNotFound": {"code": 404, "message": "The resource could not be found."}}');
}

/** Of a time that has not come there is no usage: so clients can tell what time it is. */
function usage(response: ServerResponse, start: number): void {
  if (start < Date.now()) send(response, 200, '{"tenant_usage": {}}');
  else send(response, 400, '{"badRequest": {"code": 400, "message": "Invalid start time."}}');
}

function numberIn(pathname: string): number {
  return Number.parseInt(pathname.slice(-12), 16);
}

function create(response: ServerResponse): void {
  const { id, links } = newServer();
  const server = { id, links, 'OS-DCF:diskConfig': 'MANUAL', adminPass: 'wUEqUSVB5QVG' };
  send(response, 202, JSON.stringify({ server: { ...server, security_groups: [{ name: 'default' }] } }), [
    'Location',
    links[0]?.href as string,
  ]);
}

function headers(length: number, more: string[]): string[] {
  const id = `req-${randomUUID()}`;
  return [
    ...['Content-Length', String(length), 'Content-Type', 'application/json', ...more],
    ...['Openstack-Api-Version', 'compute 2.60', 'X-Openstack-Nova-Api-Version', '2.60'],
    ...['Vary', 'OpenStack-API-Version', 'Vary', 'X-OpenStack-Nova-API-Version'],
    ...['X-Openstack-Request-Id', id, 'X-Compute-Request-Id', id],
  ];
}

function send(response: ServerResponse, status: number, body: Buffer | string, more: string[] = []): void {
  response.writeHead(status, headers(Buffer.byteLength(body), more)).end(body);
}

/** As fast as it is read, and no faster. */
function sendLarge(response: ServerResponse, bytes: number): void {
  response.writeHead(200, headers(bytes, []));
  let left = bytes;
  const sendOn = () => {
    while (left > 0 && !response.destroyed) {
      const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
      left -= chunk.length;
      largeBytesSent += chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', sendOn);
        return;
      }
    }
    response.end();
  };
  sendOn();
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
});
// Connections are kept for the whole run: what is measured is no reconnecting.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.on('message', (question: { ask: 'url' | 'largeBytesSent' | 'stopMaking' }) => {
    if (question.ask === 'stopMaking') stopMaking();
    const { port } = server.address() as { port: number };
    process.send?.(question.ask === 'url' ? `http://127.0.0.1:${port}` : largeBytesSent);
  });
});
