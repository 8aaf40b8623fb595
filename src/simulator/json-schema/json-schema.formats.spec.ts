import { FORMATS } from './json-schema.formats.js';

const isA = (format: string, text: string) => FORMATS[format]?.test(text);

describe('a format takes what Nova takes', () => {
  it.each([
    ['uuid', ['70A599e0-31e7-49b7-b260-868f441e862b', '70a599e031e749b7b260868f441e862b']],
    ['ipv4', ['10.0.0.1']],
    ['ipv6', ['::1', 'fe80::1', '::ffff:10.0.0.1']],
    ['base64', ['', 'YQ==', 'YWI=', 'YWJj', 'YW\nJj']],
    ['name', ['web 1', 'é', '日本', '']],
  ])('%s', (format, texts) => {
    expect(texts.filter((text) => isA(format, text) !== true)).toEqual([]);
  });
});

describe('a format refuses what Nova refuses', () => {
  it.each([
    ['uuid', ['', 'cirros', '70a599e0-31e7-49b7-b260-868f441e862']],
    ['ipv4', ['', '10.0.0.256', '10.0.0', '::1']],
    ['ipv6', ['', 'fe80::1%eth0', '10.0.0.1', ':::']],
    ['base64', ['Y', 'YQ', 'YQ=', '#!/bin/sh']],
    ['name', [' web', 'web ', '\u00a0web', 'a\nb', 'a\u200bb', '😀']],
  ])('%s', (format, texts) => {
    expect(texts.filter((text) => isA(format, text) !== false)).toEqual([]);
  });
});
