import fc from 'fast-check';
import { markCreate } from './mark-create.js';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const TAG = `task-${UUID}`;

interface Create {
  server: { tags?: string[]; metadata?: Record<string, string> };
}

function serverOf(text: string): Create['server'] {
  return (JSON.parse(text) as Create).server;
}

function marked(
  text: string,
  microversion = 90,
  marker: 'auto' | 'tag' | 'metadata' | 'none' = 'auto',
): string {
  return markCreate(Buffer.from(text), JSON.parse(text), UUID, microversion, marker).toString();
}

describe('the marker of a create', () => {
  it.each([
    ['{"server":{"name":"a"}}', `{"server":{"tags":["${TAG}"],"name":"a"}}`],
    ['{"server": {}}', `{"server": {"tags":["${TAG}"]}}`],
    ['{"server":{"tags":[]}}', `{"server":{"tags":["${TAG}"]}}`],
    ['{"server":{"tags":[ "x" ]}}', `{"server":{"tags":["${TAG}", "x" ]}}`],
    [' {"a":"}","server" : {"n":1}}', ` {"a":"}","server" : {"tags":["${TAG}"],"n":1}}`],
    ['{"server":{"tags":["a"],"tags":["b"]}}', `{"server":{"tags":["a"],"tags":["${TAG}","b"]}}`],
    ['{"server":{"\\u0074ags":["b"]}}', `{"server":{"\\u0074ags":["${TAG}","b"]}}`],
    [
      '{"server":{"n":9007199254740993,"o":1.0}}',
      `{"server":{"tags":["${TAG}"],"n":9007199254740993,"o":1.0}}`,
    ],
  ])('is a server tag: %s', (body, expected) => {
    expect(marked(body)).toBe(expected);
  });

  it('is a metadata item before microversion 2.52, or when there is no room for a tag', () => {
    const item = `"tasktag:task":"${UUID}"`;
    expect(marked('{"server":{"name":"a"}}', 51)).toBe(`{"server":{"metadata":{${item}},"name":"a"}}`);
    expect(marked('{"server":{"metadata":{"b":"c"}}}', 1)).toBe(`{"server":{"metadata":{${item},"b":"c"}}}`);
    const full = JSON.stringify({ server: { tags: Array.from({ length: 50 }, (_, n) => `t${n}`) } });
    expect(serverOf(marked(full)).metadata).toEqual({ 'tasktag:task': UUID });
    expect(serverOf(marked('{"server":{}}', 90, 'metadata'))).toEqual({
      metadata: { 'tasktag:task': UUID },
    });
  });

  it.each([
    ['none is wanted', '{"server":{}}', 90, 'none'],
    ['tags are wanted, and not possible', '{"server":{}}', 51, 'tag'],
    ['Nova will refuse the tags', '{"server":{"tags":null,"metadata":null}}', 90, 'auto'],
    ['Nova will refuse the metadata', '{"server":{"metadata":[]}}', 1, 'auto'],
    ['there is no server', '{"image":{}}', 90, 'auto'],
    ['the server is no object', '{"server":["a"]}', 90, 'auto'],
    ['the body is no object', '[{"server":{}}]', 90, 'auto'],
  ] as const)('leaves the body as it is when %s', (_, body, microversion, marker) => {
    expect(marked(body, microversion, marker)).toBe(body);
  });

  it('leaves room in the metadata that a user has filled', () => {
    const metadata = Object.fromEntries(Array.from({ length: 127 }, (_, n) => [`k${n}`, 'v']));
    const body = JSON.stringify({ server: { metadata } });
    expect(marked(body, 1)).toBe(body);
  });

  it('adds itself and nothing else to any body', () => {
    const server = fc.dictionary(fc.string(), fc.jsonValue());
    const tags = fc.array(fc.string(), { maxLength: 3 });
    fc.assert(
      fc.property(
        server,
        fc.option(tags, { nil: undefined }),
        fc.nat(3),
        fc.jsonValue(),
        (fields, list, indent, more) => {
          const before = { more, server: { ...fields, tags: list } };
          const text = JSON.stringify(before, null, indent);
          const after = JSON.parse(marked(text)) as Create;
          const expected = JSON.parse(text) as Create;
          expected.server.tags = [TAG, ...(list ?? [])];
          expect(after).toEqual(expected);
        },
      ),
    );
  });
});
