import { taggedDocument } from './tagged-document.js';

const PREFIX = '/tag/my%20tag';

function answerOf(body: unknown, status = 200, headers: string[] = []) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const rawHeaders = ['Content-Length', String(bytes.length), ...headers];
  return {
    status,
    headers: {},
    body: bytes,
    relayed: { statusText: 'OK', requestId: undefined, rawHeaders },
  };
}

const linksTo = (...hrefs: string[]) => ({
  versions: hrefs.map((href) => ({ id: 'v2.1', links: [{ rel: 'self', href }] })),
});

describe('Nova’s version document under an endpoint with a tag', () => {
  it.each([
    ['http://cloud.example/v2.1/', 'http://cloud.example/tag/my%20tag/v2.1/'],
    ['http://other:8774/v2/', 'http://other:8774/tag/my%20tag/v2/'],
    ['https://[::1]:8774/v2.1', 'https://[::1]:8774/tag/my%20tag/v2.1'],
    ['https://cloud.example/compute/v2.1/', 'https://cloud.example/compute/tag/my%20tag/v2.1/'],
    ['https://cloud.example/v2.1/v2.7/x?y', 'https://cloud.example/tag/my%20tag/v2.1/v2.7/x?y'],
    ['https://v2.1.example/a/v2.1x/v2.1/', 'https://v2.1.example/a/v2.1x/tag/my%20tag/v2.1/'],
    ['/v2.1/', '/tag/my%20tag/v2.1/'],
  ])('has the tag in its links, by whatever name Nova is known: %s', (href, expected) => {
    const answer = taggedDocument(answerOf(linksTo(href, 'http://x/v2/')), PREFIX);
    expect(JSON.parse(String(answer?.body))).toEqual(linksTo(expected, 'http://x/tag/my%20tag/v2/'));
    expect(answer?.relayed.rawHeaders).toEqual(['Content-Length', String(answer?.body.length)]);
  });

  it('keeps all else in it, such as links to where the API is described', () => {
    const version = (href: string) => ({
      version: {
        id: 'v2.1',
        status: 'CURRENT',
        links: [
          { rel: 'self', href },
          { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
        ],
      },
    });
    const choices = (href: string) => ({ choices: [{ links: [{ rel: 'self', href }], 'media-types': [] }] });
    for (const document of [version, choices]) {
      const answer = taggedDocument(answerOf(document('http://nova/v2.1/')), PREFIX);
      expect(JSON.parse(String(answer?.body))).toEqual(document('http://nova/tag/my%20tag/v2.1/'));
    }
  });

  it('that sends the client somewhere else sends it there with the tag', () => {
    const answer = taggedDocument(answerOf('moved', 302, ['Location', 'http://nova/v2.1/']), PREFIX);
    expect(answer?.relayed.rawHeaders.at(-1)).toBe('http://nova/tag/my%20tag/v2.1/');
    expect(taggedDocument(answerOf('moved', 301, ['location', 'http://else.where/']), PREFIX)).toBeNull();
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['no links', { version: { links: [] } }],
    ['of another shape', ['v2.1']],
    ['with null in it', { versions: [null, { links: null }], version: null, choices: 'x' }],
    ['with a link to another API', linksTo('http://nova/v2.1/', 'http://nova/v4/')],
    ['with a link that is none', { version: { links: [{ rel: 'self', href: 5 }] } }],
  ])('is none when there is none to put the tag into: %s', (_what, body) => {
    expect(taggedDocument(answerOf(body), PREFIX)).toBeNull();
  });

  it('is left as it is when it says that there is none', () => {
    for (const status of [404, 503]) {
      const answer = answerOf('<html>', status);
      expect(taggedDocument(answer, PREFIX)).toBe(answer);
    }
  });
});
