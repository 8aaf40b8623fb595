import type { INestApplication } from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { type HostSettings, type LibraryHost, orders, startHost } from '../support/library/library-host.js';

const FORM =
  '--x\r\nContent-Disposition: form-data; name="item"\r\n\r\nink\r\n' +
  '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nbytes\r\n--x--\r\n';

/** A parser of files, and one that leaves an empty object where the body is none of its kind. */
function useParsers(app: INestApplication): void {
  app.useGlobalInterceptors(new (AnyFilesInterceptor())());
  app.use((request: { body?: unknown }, _: unknown, next: () => void) => {
    request.body ??= {};
    next();
  });
}

describe.each<HostSettings>([
  { platform: 'express' },
  { platform: 'express', rawBody: true },
  { platform: 'fastify' },
  { platform: 'fastify', rawBody: true },
])('the body of a request, as %o has it', (settings) => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({ ...settings, ...(settings.platform === 'express' && { prepare: useParsers }) });
  });
  afterAll(() => host.close());
  beforeEach(() => orders.splice(0));

  const headersOf = (type: string) => ({ 'X-User': 'a/ann', 'Content-Type': type });
  const order = (tag: string, body: string, type = 'application/json') =>
    host.client.post('/orders', Buffer.from(body), { token: null, headers: headersOf(type), tag });
  const inPieces = (tag: string, body: string, type: string) =>
    fetch(`${host.client.url}/orders`, {
      method: 'POST',
      headers: { ...headersOf(type), 'Task-tag': tag },
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
  const twice = async (tag: string, one: string, other: string) => [
    (await order(tag, one)).status,
    (await order(tag, other)).status,
  ];

  it('counts as it came, where the host keeps it: numbers and repeated keys that parsing makes the same differ', async () => {
    const second = settings.rawBody === true ? 201 : 409;
    expect(await twice('number', '{"item":9007199254740993}', '{"item":9007199254740992}')).toEqual([
      201,
      second,
    ]);
    expect(await twice('keys', '{"item":"a","item":"b"}', '{"item":"b"}')).toEqual([201, second]);
    expect(await twice('meaning', '{"item":1.0,"n":"\\u0041"}', ' {"n":"A","item":1}')).toEqual([201, 409]);
  });

  it('is the same one whatever else its media type says', async () => {
    expect((await order('type', '{"item":"ink"}')).status).toBe(201);
    expect((await order('type', '{"item":"ink"}', 'Application/JSON; charset=utf-8')).status).toBe(409);
  });

  it('that was not read, or not whole, is refused, and nothing is done', async () => {
    const answers = [
      await order('of no kind', 'ink', 'application/x-unread'),
      await inPieces('in pieces', 'ink', 'application/x-unread'),
      await order('with files', FORM, 'multipart/form-data; boundary=x'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([415, 415, 415]);
    expect(orders).toEqual([]);
  });
});
