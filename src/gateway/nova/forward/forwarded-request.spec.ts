import type { ComputeRequest } from '../../../compute/compute.service.js';
import { forwardedRequest } from './forwarded-request.js';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A request as far as it matters here. */
function request(rawHeaders: string[], more: Partial<ComputeRequest> = {}): ComputeRequest {
  const headers = Object.fromEntries(
    rawHeaders.flatMap((name, n) => (n % 2 === 0 ? [[name.toLowerCase(), rawHeaders[n + 1]]] : [])),
  );
  const rawBody = Buffer.from('{"server":{}}');
  const http = { raw: { method: 'POST', rawHeaders, headers }, originalUrl: '/v3/servers', rawBody };
  return {
    ...{ taskUuid: UUID, isRecorded: true, isMarked: true, task: 'create', microversion: 60 },
    ...{ serverId: null, subresourceId: null, body: { server: {} }, http },
    ...more,
  } as unknown as ComputeRequest;
}

const textOf = (body: unknown) => (body as Buffer).toString();

const CLIENT = ['Host', 'cloud:8774', 'X-Auth-Token', 'user', 'X-Custom', 'é'];

describe('a request that is forwarded', () => {
  it('keeps the client’s headers, and has the task as its global request id', () => {
    const { headers } = forwardedRequest(request(CLIENT), null, 'auto');
    expect(headers).toEqual([...CLIENT, 'X-OpenStack-Request-ID', `req-${UUID}`]);
  });

  it('has no tag, no identity of the client’s own making, and nothing that is between two servers only', () => {
    const others = [
      ...['task-tag', 'x', 'TASK-TAG', 'y', 'Content-Length', '13', 'Transfer-Encoding', 'chunked'],
      ...['Connection', 'close, X-Hop', 'X-Hop', '1', 'Keep-Alive', '5', 'Expect', '100-continue', 'TE', 'x'],
      ...['X-Roles', 'admin', 'X-User-Id', 'root', 'X-Project-Id', 'p', 'X-Identity-Status', 'Confirmed'],
      ...['X-Service-Roles', 'service', 'X-Tenant', 't', 'X-Is-Admin-Project', 'True'],
      ...['OpenStack-System-Scope', 'all', 'X-OpenStack-Request-ID', 'req-of-the-client'],
    ];
    const { headers } = forwardedRequest(request([...CLIENT, ...others]), null, 'auto');
    expect(headers).toEqual([...CLIENT, 'X-OpenStack-Request-ID', `req-${UUID}`]);
  });

  it('has this server’s word for the user, unless another service has given its own', () => {
    const { headers } = forwardedRequest(request(CLIENT), 'own', 'auto');
    expect(headers.slice(-2)).toEqual(['X-Service-Token', 'own']);
    const theirs = [...CLIENT, 'X-Service-Token', 'theirs'];
    expect(forwardedRequest(request(theirs), 'own', 'auto').headers).not.toContain('own');
    expect(forwardedRequest(request(theirs), 'own', 'auto').headers).toContain('theirs');
  });

  it('is marked only when it is a create with a tag', () => {
    const bodyOf = (more: Partial<ComputeRequest>) =>
      textOf(forwardedRequest(request(CLIENT, more), null, 'auto').body);
    expect(bodyOf({})).toBe(`{"server":{"tags":["task-${UUID}"]}}`);
    expect(bodyOf({ isMarked: false })).toBe('{"server":{}}');
    expect(bodyOf({ task: 'reboot' })).toBe('{"server":{}}');
  });

  it('stays the client’s own altogether when it could not be recorded', () => {
    const own = [...CLIENT, 'X-OpenStack-Request-ID', 'req-of-the-client'];
    const { headers, body } = forwardedRequest(
      request(own, { isRecorded: false, isMarked: false }),
      null,
      'auto',
    );
    expect([headers, textOf(body)]).toEqual([own, '{"server":{}}']);
  });
});
