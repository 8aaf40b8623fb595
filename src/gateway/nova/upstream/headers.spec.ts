import { forwardedHeaders, headerOf, relayedHeaders } from './headers.js';

/** Headers of an answer, as the HTTP client gives them. */
function relayed(...parts: string[]): string[] {
  return relayedHeaders(parts.map((part) => Buffer.from(part, 'latin1')));
}

describe('headers that are sent on', () => {
  it('keep their order, their case and their repetitions', () => {
    const headers = ['vary', 'A', 'X-B', '', 'Vary', 'B', 'x-odd', 'caf\u00e9 \u00ff'];
    expect(forwardedHeaders(headers)).toEqual(headers);
    expect(relayed(...headers)).toEqual(headers);
  });

  it.each(['Keep-Alive', 'TRANSFER-ENCODING', 'Upgrade', 'te', 'Trailer', 'Proxy-Authorization'])(
    'have none in them that is of one connection only: %s',
    (name) => {
      expect(forwardedHeaders([name, '1', 'X-Stays', '2'])).toEqual(['X-Stays', '2']);
      expect(relayed(name, '1', 'X-Stays', '2')).toEqual(['X-Stays', '2']);
    },
  );

  it('have none in them that a Connection header names, whichever of them it is', () => {
    const headers = [
      'Connection',
      'keep-alive',
      'X-One',
      '1',
      'X-Two',
      '2',
      'connection',
      'close, X-one , x-TWO',
    ];
    expect(forwardedHeaders([...headers, 'X-Stays', '3'])).toEqual(['X-Stays', '3']);
    expect(relayed(...headers, 'X-Stays', '3')).toEqual(['X-Stays', '3']);
  });

  it.each([
    'X-Roles',
    'x-project-id',
    'X-User-Domain-Name',
    'X-Service-Roles',
    'X-Service-User-Id',
    'X-Identity-Status',
    'X-Tenant',
    'X-Is-Admin-Project',
    'OpenStack-System-Scope',
    'X-Service-Catalog',
    'X_Roles',
    'X_Auth_Token',
  ])('have none in them by which a client could pass for somebody else: %s', (name) => {
    expect(forwardedHeaders([name, 'admin'])).toEqual([]);
  });

  it.each([
    'X-Auth-Token',
    'X-Service-Token',
    'X-OpenStack-Request-ID',
    'X-Roles-Of-Mine',
    'OpenStack-API-Version',
  ])('have in them what Nova needs: %s', (name) => {
    expect(forwardedHeaders([name, '1'])).toEqual([name, '1']);
  });

  it('are without a tag, and without what the caller sends itself', () => {
    const headers = [
      'Task-Tag',
      't1',
      'task_tag',
      't2',
      'Content_Length',
      '1',
      'Expect',
      '100-continue',
      'Content-Length',
      '3',
      'X-Stays',
      '1',
    ];
    expect(forwardedHeaders(headers, 'content-length')).toEqual(['X-Stays', '1']);
  });

  it('are found by their name, the first of several', () => {
    expect(headerOf(['X-A', '1', 'x-b', '2', 'X-B', '3'], 'x-b')).toBe('2');
    expect(headerOf(['X-A', '1'], 'x-b')).toBeUndefined();
  });
});
