import fc from 'fast-check';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { byteStrings, bytesOf } from '../storage/bytes.js';
import { toText } from '../url/percent-encoding.js';
import { InvalidTagError } from './tag.errors.js';
import { readTag, type Tag } from './tag.js';

function read(...lines: [name: string, value: string][]): Tag | null {
  return readTag({ rawHeaders: lines.flat(), headers: {} }, 'Task-tag');
}

const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
/** The bytes that a header may have (RFC 9110, section 5.5). */
const ECHOED = BYTES.filter((byte) => byte === '\t' || (byte >= ' ' && byte !== '\x7f'));

describe('a tag', () => {
  it('is what the header says, whatever its case', () => {
    expect(read(['host', 'x'], ['TASK-TAG', 'a'])).toBe('a');
    expect(read(['task-tag', 'a'])).toBe('a');
  });

  it('is null without the header', () => {
    expect(read()).toBeNull();
    expect(read(['host', 'task-tag'], ['task-tags', 'a'], ['x-task-tag', 'b'])).toBeNull();
  });

  it('is not taken from the value of another header', () => {
    expect(read(['x-note', 'Task-tag'], ['accept', 'a'])).toBeNull();
  });

  it.each([
    ['blanks inside', 'my tag'],
    ['a tab inside', 'my\ttag'],
    ['quotes and backslashes', `"a'\\`],
    ['what means something in a URL', '/?#%2F&=+;'],
    ['dots', '..'],
    ['a comma', 'a, b'],
    ['UTF-8', Buffer.from('é😀').toString('latin1')],
    ['bytes that are not UTF-8', '\xff\xfe\xe9'],
    ['one byte', 'a'],
    ['255 bytes', 'x'.repeat(255)],
    ['255 bytes of UTF-8', Buffer.from('€'.repeat(85)).toString('latin1')],
  ])('may have %s', (_, tag) => {
    expect(read(['Task-tag', tag])).toBe(tag);
  });

  it('may have every byte that an answer can echo, and no other', () => {
    const taken = BYTES.filter((byte) => {
      try {
        return read(['Task-tag', `a${byte}b`]) !== null;
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidTagError);
        return false;
      }
    });
    expect(taken).toEqual(ECHOED);
  });

  it.each([
    ['is empty', [['Task-tag', '']], 'Task-tag is empty. Send 1 to 255 bytes, or none.'],
    ['has 256 bytes', [['Task-tag', 'x'.repeat(256)]], 'Task-tag has 256 bytes. At most 255 are allowed.'],
    [
      'has 256 bytes of UTF-8 in fewer letters',
      [['Task-tag', Buffer.from('é'.repeat(128)).toString('latin1')]],
      'Task-tag has 256 bytes. At most 255 are allowed.',
    ],
    ['has a NUL', [['Task-tag', 'a\0']], 'Task-tag has a control character, which no answer could echo.'],
    ['has a DEL', [['Task-tag', '\x7f']], 'Task-tag has a control character, which no answer could echo.'],
    [
      'has a line break',
      [['Task-tag', 'a\r\nb']],
      'Task-tag has a control character, which no answer could echo.',
    ],
    [
      'comes twice',
      [
        ['Task-tag', 'a'],
        ['host', 'x'],
        ['task-tag', 'b'],
      ],
      'Task-tag was sent more than once. Send it once, with one tag.',
    ],
    [
      'comes twice the same',
      [
        ['Task-tag', 'a'],
        ['Task-tag', 'a'],
      ],
      'Task-tag was sent more than once. Send it once, with one tag.',
    ],
    [
      'comes twice, once empty',
      [
        ['Task-tag', ''],
        ['Task-tag', 'a'],
      ],
      'Task-tag was sent more than once. Send it once, with one tag.',
    ],
  ] as [string, [string, string][], string][])('is refused with 400 when it %s', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(new InvalidTagError(message));
    expect(new InvalidTagError(message)).toMatchObject({ status: 400, code: 'INVALID_TAG' });
  });

  it('is refused by the name of the header that carries it', () => {
    expect(() => readTag({ rawHeaders: ['X-Job', ''], headers: {} }, 'X-Job')).toThrow('X-Job is empty.');
  });
});

describe('a tag that is in no line, as a middleware or a serverless adapter gives it,', () => {
  const given = (value: string | string[], ...rawHeaders: string[]) =>
    readTag({ rawHeaders, headers: { 'task-tag': value } }, 'Task-tag');

  it('is what the headers say', () => {
    expect(given('a', 'Host', 'x')).toBe('a');
    expect(given(['a'])).toBe('a');
  });

  it('is refused as one that came in a line', () => {
    expect(() => given('')).toThrow('Task-tag is empty.');
    expect(() => given(['a', 'b'])).toThrow('Task-tag was sent more than once.');
  });

  it('is not looked at when there is a line, whose bytes are what the client sent', () => {
    expect(given('joined, by Node', 'Task-tag', 'a')).toBe('a');
  });
});

describe('the column of a tag', () => {
  const stored = (tag: Tag): unknown => byteStrings.from(byteStrings.to(tag));

  it('gives every byte back', () => {
    for (const tag of [...BYTES, BYTES.join('')]) expect(stored(tag)).toBe(tag);
  });

  it('gives any tag back, from as many bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 255 }), (bytes) => {
        const tag = Buffer.from(bytes).toString('latin1');
        expect(byteStrings.to(tag)).toEqual(Buffer.from(bytes));
        expect(stored(tag)).toBe(tag);
      }),
    );
  });

  it('differs for tags that differ by case, by blanks at the end or by composition', () => {
    const tags = ['Tag', 'tag', 'tag ', '\xc3\xa9', 'e\xcc\x81', '\xe9'];
    expect(new Set(tags.map((tag) => bytesOf(tag).toString('hex'))).size).toBe(tags.length);
  });
});

it('a tag comes through HTTP and back byte by byte', async () => {
  const tag = `a${ECHOED.join('')}`;
  const [seen, answer] = await exchange(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTask-tag:  ${tag} \r\n\r\n`,
  );
  expect(seen).toBe(tag);
  expect(answer).toContain(`\r\ntask-tag: ${tag}\r\n`);
});

it('a tag that comes twice through HTTP is not one tag with a comma', async () => {
  const [seen] = await exchange(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTask-tag: a\r\nTask-tag: b\r\n\r\n',
  );
  expect(seen).toBeInstanceOf(InvalidTagError);
});

it('a tag in UTF-8 is shown as its text', async () => {
  const utf8 = Buffer.from('größer 😀').toString('latin1');
  const [seen] = await exchange(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTask-tag: ${utf8}\r\n\r\n`,
  );
  expect(toText(seen as Tag)).toBe('größer 😀');
});

/** Sends bytes to a server that echoes the tag; gives what it read or threw, and the bytes of its answer. */
async function exchange(request: string): Promise<[seen: unknown, answer: string]> {
  let seen: unknown;
  const server = createServer((message: IncomingMessage, response) => {
    try {
      seen = readTag(message, 'Task-tag');
      if (typeof seen === 'string') response.setHeader('task-tag', seen);
    } catch (error) {
      seen = error;
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(request, 'latin1');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    return [seen, Buffer.concat(chunks).toString('latin1')];
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
