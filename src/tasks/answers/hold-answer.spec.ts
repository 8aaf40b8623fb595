import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { holdAnswer } from './hold-answer.js';
import type { SentAnswer } from './sent-answer.js';

/** Sends an answer, and gives what is seen of it before it goes out, and what comes of it. */
async function sent(by: (response: ServerResponse) => void | Promise<void>) {
  let seen: SentAnswer | null | undefined;
  let bytesBefore: number | undefined;
  const server = createServer((_, response) => {
    holdAnswer(response, async (answer) => {
      seen = answer;
      await turn();
      bytesBefore = response.socket?.bytesWritten;
    });
    void by(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const text = await answer.text();
    return { seen, bytesBefore, status: answer.status, text, kind: answer.headers.get('x-kind') };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('an answer that is held', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['ended with its body', (response) => response.end('body')],
    [
      'written, and ended at once, as by Fastify before 5.9',
      (response) => {
        response.write('body');
        response.end(null, null as never);
      },
    ],
    [
      'written, and ended with the rest',
      (response) => {
        response.write(Buffer.from('bo'));
        response.end('dy');
      },
    ],
  ])('is seen whole before any of it goes out: %s', async (_, send) => {
    const { seen, ...answer } = await sent((response) => {
      response.writeHead(201, { 'X-Kind': 'whole' });
      send(response);
    });
    expect(seen).toMatchObject({ status: 201, headers: { 'x-kind': 'whole' } });
    expect(seen?.body.toString()).toBe('body');
    expect(answer).toEqual({ bytesBefore: 0, status: 201, text: 'body', kind: 'whole' });
  });

  it.each<[string, (response: ServerResponse) => void | Promise<void>, string]>([
    [
      'written piece by piece',
      async (response) => {
        response.write('one ');
        response.write('two ');
        await turn();
        response.end('three');
      },
      'one two three',
    ],
    ['a stream', (response) => void Readable.from([Buffer.from('all')]).pipe(response), 'all'],
  ])('goes out as it comes when it is %s, and is not seen', async (_, send, whole) => {
    const { seen, bytesBefore, text } = await sent(send);
    expect(seen).toBeNull();
    expect(bytesBefore).toBeGreaterThan(0);
    expect(text).toBe(whole);
  });
});
