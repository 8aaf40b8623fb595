import { jsonOf } from './json-of.js';

describe('the JSON of a body', () => {
  it('is parsed once for each request', () => {
    const request = {};
    const bytes = Buffer.from('{"server":{}}');
    const json = jsonOf(request, bytes);
    expect(json).toEqual({ server: {} });
    expect(jsonOf(request, bytes)).toBe(json);
  });

  it('is never that of other bytes, or of another request', () => {
    const request = {};
    jsonOf(request, Buffer.from('1'));
    expect(jsonOf(request, Buffer.from('2'))).toBe(2);
    expect(jsonOf({}, Buffer.from('3'))).toBe(3);
  });

  it.each([
    ['what is no JSON', Buffer.from('{')],
    ['an empty body', Buffer.alloc(0)],
    ['what is no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('%s has none', (_, bytes) => {
    expect(jsonOf({}, bytes)).toBeUndefined();
  });
});
