import type { Call } from '../support/network/http.js';
import { sendRaw } from '../support/network/raw-http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { CIRROS, countServers, createServer, expectRefused, newServer } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

const SERVER = `"name": "vm1", "imageRef": "${CIRROS}", "flavorRef": "1"`;

/** A body with a property that may have any value, since Nova leaves scheduler hints open. */
function hinting(value: string): string {
  return `{"server": {${SERVER}}, "os:scheduler_hints": {"hint": ${value}}}`;
}

function nested(levels: number, open = '[', close = ']', inside = ''): string {
  return open.repeat(levels) + inside + close.repeat(levels);
}

describe('a body', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const post = (body: unknown, call: Call) => test.client.post('/v3/servers', body, call);

  describe('is the same request', () => {
    it.each([
      [
        'with its keys in another order',
        `{"server": {"flavorRef": "1", "imageRef": "${CIRROS}", "name": "vm1"}}`,
      ],
      ['with other white space', `\n\t{ "server":\r\n{${SERVER.replaceAll(' ', '')}}}  `],
      ['with other escapes', `{"server": {${SERVER.replace('vm1', '\\u0076m\\u0031')}}}`],
    ])('%s', async (what, again) => {
      const call = { tag: what, token: 'alice:same' };
      expect((await post(`{"server": {${SERVER}}}`, call)).status).toBe(202);
      expectRefused(await post(again, call));
    });

    it.each([
      ['1', '1.0'],
      ['1', '1e0'],
      ['0', '-0'],
      ['1e400', '10e399'],
      ['"\u00e9"', '"\\u00e9"'],
    ])('with %s written as %s', async (one, other) => {
      const call = { tag: Buffer.from(one + other).toString('hex'), token: 'alice:values' };
      expect((await post(hinting(one), call)).status).toBe(202);
      expectRefused(await post(hinting(other), call));
    });

    it.each([
      ['application/json; charset=utf-8'],
      ['Application/JSON'],
      ['application/vnd.openstack.compute+json'],
      // What `fetch` calls a text, and Nova reads as JSON.
      ['text/plain'],
      ['text/plain;charset=UTF-8'],
    ])('as %s as it was as application/json', async (mediaType) => {
      const call = { tag: mediaType, token: 'alice:media' };
      expect((await post(newServer(), call)).status).toBe(202);
      expectRefused(await post(newServer(), { ...call, headers: { 'Content-Type': mediaType } }));
    });

    it('in chunks as it was in one piece', async () => {
      const call = { tag: 'chunks', token: 'alice:chunks' };
      expect((await post(newServer(), call)).status).toBe(202);
      const [body, half] = [JSON.stringify(newServer()), 20];
      const chunks = [body.slice(0, half), body.slice(half), ''];
      const answer = await sendRaw(
        test.client,
        'POST /v3/servers HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice:chunks\r\nTask-tag: chunks\r\n' +
          'Content-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
          chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(''),
      );
      expect(answer).toMatch(/^HTTP\/1\.1 409 /);
      expect(answer).toContain('That request is already accepted');
    });
  });

  describe('is another request', () => {
    it.each([
      ['a number that a double cannot tell apart', '9007199254740993', '9007199254740992'],
      ['a number with more digits than a double has', '0.1', '0.10000000000000000001'],
      ['a repeated key', '{"a": 1}', '{"a": 1, "a": 1}'],
      ['repeated keys in another order', '{"a": 1, "a": 2}', '{"a": 2, "a": 1}'],
      ['a number as a text', '1', '"1"'],
      ['null and nothing', '{"a": null}', '{}'],
      ['an array in another order', '[1, 2]', '[2, 1]'],
      ['a composed and a decomposed letter', '"\u00e9"', '"e\u0301"'],
      ['a key of another object', '{"a": {"b": 1}}', '{"a": {}, "b": 1}'],
      ['__proto__', '{"__proto__": 1}', '{"__proto__": 2}'],
    ])('with %s', async (what, one, other) => {
      const call = { tag: what, token: 'alice:others' };
      const first = await post(hinting(one), call);
      const second = await post(hinting(other), call);
      expect([first.status, second.status]).toEqual([202, 202]);
      expectRefused(await post(hinting(one), call));
      expectRefused(await post(hinting(other), call));
    });
  });

  describe('that is nested 10,000 levels deep', () => {
    const LEVELS = 10_000;

    it.each([
      ['beside the server', `{"server": {${SERVER}}, "deep": ${nested(LEVELS)}}`],
      ['as a name', `{"server": {${SERVER.replace('"vm1"', nested(LEVELS))}}}`],
      ['as metadata', `{"server": {${SERVER}, "metadata": {"a": ${nested(LEVELS, '{"a":', '}', '1')}}}}`],
      ['instead of an object', nested(LEVELS)],
    ])('%s is refused by the schema, on record, and does no harm', async (what, body) => {
      const call = { tag: what, token: 'alice:deep' };
      const answer = await post(body, call);
      expect(answer.status).toBe(400);
      expect(answer.text.length).toBeLessThan(2000);
      const [task] = await tasksOf(test.client, call);
      expect(task).toMatchObject({ tag: what, state: 'failure', fault: { code: 400 } });
      expect((await post(newServer(), { token: call.token, tag: `after ${what}` })).status).toBe(202);
    });

    it('is taken where anything may stand, once', async () => {
      const call = { tag: 'hint', token: 'alice:deep-hint' };
      expect((await post(hinting(nested(LEVELS)), call)).status).toBe(202);
      expectRefused(await post(hinting(nested(LEVELS)), call));
      expect((await post(hinting(nested(LEVELS - 1)), call)).status).toBe(202);
    });
  });

  describe('that is malformed records nothing, and leaves the tag free:', () => {
    const MALFORMED: [what: string, body: string | Buffer][] = [
      ['empty', ''],
      ['blanks', '  \n'],
      ['no JSON', 'server=vm1'],
      ['half of it', JSON.stringify(newServer()).slice(0, -2)],
      ['two of them', '{} {}'],
      ['a byte order mark', `\ufeff${JSON.stringify(newServer())}`],
      ['not a number', hinting('NaN')],
      ['bytes that are no UTF-8', Buffer.from(JSON.stringify(newServer({ name: 'é' })), 'latin1')],
      ['UTF-16', Buffer.from(JSON.stringify(newServer()), 'utf16le')],
      ['10,000 levels that are not closed', '['.repeat(10_000)],
    ];

    it.each(MALFORMED)('%s', async (_what, body) => {
      const call = { tag: 'malformed', token: 'alice:malformed' };
      for (const path of ['/v3/servers', `/v3/servers/${CIRROS}/action`]) {
        const answer = await test.client.post(path, body, call);
        expect([answer.status, answer.json]).toEqual([
          400,
          { badRequest: { code: 400, message: 'Malformed request body' } },
        ]);
        expect(answer.headers).not.toHaveProperty('task-tag');
      }
      expect(await tasksOf(test.client, call)).toEqual([]);
    });

    it('with a media type that is not JSON', async () => {
      const token = 'alice:types';
      for (const mediaType of ['application/xml', 'application/x-www-form-urlencoded', 'text/html', 'x']) {
        const call = { tag: 'type', token, headers: { 'Content-Type': mediaType } };
        const answer = await post(newServer(), call);
        expect({ mediaType, status: answer.status }).toEqual({ mediaType, status: 415 });
        expect(answer.json.badMediaType).toEqual({ code: 415, message: expect.any(String) });
      }
      expect(await tasksOf(test.client, { token })).toEqual([]);
      expect((await post(newServer(), { tag: 'type', token })).status).toBe(202);
    });

    it('with an action that is none or is several', async () => {
      const call = { tag: 'no action', token: 'alice:no-action' };
      const path = `/v3/servers/${CIRROS}/action`;
      for (const [body, message] of [
        [{}, 'Malformed request body'],
        [[], 'Malformed request body'],
        [null, 'Malformed request body'],
        ['"pause"', 'Malformed request body'],
        [{ pause: null, unpause: null }, 'Malformed request body'],
        [{ foo: null }, 'There is no such action: foo'],
        [{ toString: null }, 'There is no such action: toString'],
      ] as const) {
        const { status, json } = await test.client.post(path, body === null ? 'null' : body, call);
        expect([status, json.badRequest]).toEqual([400, { code: 400, message }]);
      }
      expect(await tasksOf(test.client, call)).toEqual([]);
    });

    it('of 1 MB', async () => {
      const call = { tag: 'large', token: 'alice:large' };
      const large = newServer({ metadata: { a: 'x'.repeat(1_000_000) } });
      const answer = await post(large, call);
      expect(answer.status).toBe(413);
      expect(answer.json).toEqual({ overLimit: { code: 413, message: 'Request is too large.' } });
      expect(answer.headers['x-compute-request-id']).toMatch(/^req-/);
      expect(await tasksOf(test.client, call)).toEqual([]);
      expect((await post(newServer(), call)).status).toBe(202);
    });
  });

  it('of just 112 KiB is read, and one byte more is not', async () => {
    const call = { token: 'alice:limit' };
    const body = (bytes: number) => JSON.stringify(newServer()).padEnd(bytes, ' ');
    expect((await post(body(114_688), call)).status).toBe(202);
    expect((await post(body(114_689), call)).status).toBe(413);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it.each([
    ['as text/plain', { 'Content-Type': 'text/plain' }],
    ['as application/json in UTF-8', { 'Content-Type': 'application/json;charset=UTF-8' }],
  ])('%s is read as JSON', async (_what, headers) => {
    expect((await post(newServer(), { token: 'alice:plain', headers })).status).toBe(202);
  });

  it('without any media type is read as JSON', async () => {
    const body = JSON.stringify(newServer());
    const answer = await sendRaw(
      test.client,
      'POST /v3/servers HTTP/1.1\r\nHost: x\r\nX-Auth-Token: alice:untyped\r\nConnection: close\r\n' +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('is not looked at before the token is', async () => {
    for (const token of [null, ':', 'x'.repeat(80)]) {
      for (const [body, headers] of [
        ['no JSON', {}],
        ['', {}],
        [newServer(), { 'Content-Type': 'application/xml' }],
      ] as const) {
        expect((await post(body, { token, tag: 'nobody', headers })).status).toBe(401);
      }
    }
    expect(await tasksOf(test.client, { token: 'admin:admin' }, '?all_tenants=1&tag=nobody')).toEqual([]);
  });

  it('may be missing where nothing is needed', async () => {
    const call = { token: 'alice:missing' };
    const id = await createServer(test.client, {}, call);
    const attached = await test.client.call('POST', `/v3/servers/${id}/os-interface`, call);
    expect(attached.status).toBe(200);
    const body = { not: 'read' };
    expect((await test.client.call('DELETE', `/v3/servers/${id}`, { ...call, body })).status).toBe(204);
  });
});
