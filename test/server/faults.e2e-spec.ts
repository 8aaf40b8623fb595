import type { Call } from '../support/network/http.js';
import { sendRaw } from '../support/network/raw-http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';

const CALL = { token: 'alice:faults' };

describe('the answers of the API', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = (path: string, call: Call = CALL) => test.client.get(path, call);

  describe('errors', () => {
    const NAMES: Record<number, string> = {
      400: 'badRequest',
      404: 'itemNotFound',
      405: 'badMethod',
      413: 'overLimit',
      415: 'badMediaType',
    };

    it.each([
      ['GET', '/none', [404]],
      ['GET', '/v4/servers', [404]],
      ['POST', '/', [404, 405]],
      ['PATCH', '/v3/servers', [404, 405]],
      ['DELETE', '/v3/servers', [404, 405]],
      ['PUT', '/v3/tasks', [404, 405]],
      ['POST', '/v3/servers/x/tasks', [404, 405]],
      ['GET', '/v3/servers/%', [400, 404]],
      ['GET', '/v3/servers/%zz/tasks', [400, 404]],
      ['GET', '/%', [400, 404]],
      ['GET', '/v3/servers/../../etc/passwd', [404]],
      ['GET', `/v3/servers/${'x'.repeat(5000)}`, [404, 414]],
      ['GET', `/v3/servers?${'x=1&'.repeat(2000)}`, [200, 400]],
      ['POST', '/v3/servers', [400]],
      ['OPTIONS', '/v3/servers', [200, 204, 404, 405]],
    ])('of %s %.60s have the shape of Nova', async (method, path, statuses) => {
      const answer = await test.client.call(method, path, CALL);
      expect(statuses).toContain(answer.status);
      if (answer.status >= 400) {
        expect(answer.headers['content-type']).toMatch(/^application\/json/);
        const name = NAMES[answer.status] ?? 'computeFault';
        expect(answer.json).toEqual({ [name]: { code: answer.status, message: expect.any(String) } });
      }
      expect(answer.text).not.toMatch(/node_modules|\.js:|\bat [A-Z]|SELECT|INSERT|SQLITE|ER_/);
    });

    it.each([
      ['no HTTP', 'hello\r\n\r\n', 400],
      ['a TLS handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x0a, 0x0d, 0x0a]), 400],
      ['a header without a name', 'GET /v3 HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
      ['no Host', 'GET /v3 HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
      [
        'two lengths',
        'POST /v3/servers HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
        400,
      ],
      [
        'a length and chunks',
        'POST /v3/servers HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        400,
      ],
      [
        'a chunk that is none',
        'POST /v3/servers HTTP/1.1\r\nHost: x\r\nX-Auth-Token: a:b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
        400,
      ],
      [
        'a control character in a tag',
        'POST /v3/servers HTTP/1.1\r\nHost: x\r\nTask-tag: a\x01b\r\n\r\n',
        400,
      ],
      ['headers of 100 KB', `GET /v3 HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    ])('of %s too', async (_what, bytes, status) => {
      const answer = await sendRaw(test.client, bytes);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toMatch(/^x-compute-request-id: req-[0-9a-f-]{36}\r?$/im);
      expect(head).toMatch(/^cache-control: no-store\r?$/im);
      const [fault] = Object.values(JSON.parse(body) as Record<string, object>);
      expect(fault).toEqual({ code: status, message: expect.any(String) });
      expect((await get('/v3/servers')).status).toBe(200);
    });

    it('is not said of a request before that is being carried out', async () => {
      const body = JSON.stringify(newServer());
      const head = `POST /v3/servers HTTP/1.1\r\nHost: x\r\nX-Auth-Token: a:behind\r\nContent-Length: ${body.length}`;
      const answer = await sendRaw(test.client, `${head}\r\n\r\n${body}no HTTP\r\n\r\n`);
      expect(answer).not.toMatch(/^HTTP\/1\.1 400/);
    });
  });
});
