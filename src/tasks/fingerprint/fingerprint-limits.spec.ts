import { fingerprint } from './fingerprint.js';

const MEGABYTE = 1_000_000;

function print(text: string): string {
  const body = Buffer.from(text);
  return fingerprint({ method: 'POST', url: '/servers', mediaType: 'application/json', body }).toString(
    'hex',
  );
}

function nest(open: string, innermost: string, close: string, levels: number): string {
  return `${open.repeat(levels)}${innermost}${close.repeat(levels)}`;
}

describe('the fingerprint of a deep body', () => {
  it.each([10_000, 100_000])('counts by its meaning, also with %i levels', (levels) => {
    expect(print(nest('[', '1', ']', levels))).toBe(print(nest('[', '1.0', '] ', levels)));
    expect(print(nest('[', '1', ']', levels))).not.toBe(print(nest('[', '2', ']', levels)));
    expect(print(nest('[', '1', ']', levels))).not.toBe(print(nest('[', '1', ']', levels + 1)));
    expect(print(nest('{"a":', '1', '}', levels))).not.toBe(print(nest('{"a":', '2', '}', levels)));
  });

  it.each([
    ['arrays', '[', '[]', ']'],
    ['objects', '{"":', '{}', '}'],
  ])('is no trouble with a million levels of %s', (_, open, innermost, close) => {
    expect(print(nest(open, innermost, close, 1_000_000))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is no trouble when the body ends too early', () => {
    expect(print('['.repeat(1_000_000))).not.toBe(print('['.repeat(999_999)));
  });
});

describe('the time that a fingerprint takes grows with the size of the body, not faster', () => {
  const bodies: [name: string, make: (size: number) => string][] = [
    ['many keys', (size) => `{${list(size, (index) => `"key${index}":${index}`)}}`],
    ['many keys, last first', (size) => `{${list(size, (index) => `"${1e9 - index}":0`)}}`],
    ['one key again and again', (size) => `{${list(size, () => '"a":1')}}`],
    ['many numbers', (size) => `[${list(size, () => '1.5')}]`],
    ['many strings of escapes', (size) => `[${list(size, () => '"\\u00e9"')}]`],
    ['many long exponents', (size) => `[${list(size, () => `10e${'9'.repeat(97)}`)}]`],
    ['one string', (size) => `"${'x'.repeat(size)}"`],
    ['one string of escapes', (size) => `"${'\\u00e9'.repeat(size / 6)}"`],
    ['one string of backslashes', (size) => `"${'\\\\'.repeat(size / 2)}"`],
    ['one number', (size) => '7'.repeat(size)],
    ['one number with zeros inside', (size) => `1${'0'.repeat(size)}1`],
    [
      'one number with zeros inside and at the end',
      (size) => `1${'0'.repeat(size / 2)}1${'0'.repeat(size / 2)}`,
    ],
    ['one number with zeros after the point', (size) => `0.${'0'.repeat(size)}1`],
    ['one zero with many places', (size) => `0.${'0'.repeat(size)}`],
    ['one exponent', (size) => `1e${'7'.repeat(size)}`],
    ['one exponent that carries', (size) => `10e${'9'.repeat(size)}`],
    ['one exponent that borrows', (size) => `0.1e1${'0'.repeat(size)}`],
    ['one exponent of zeros', (size) => `1e${'0'.repeat(size)}`],
    ['white space', (size) => `[${' \n'.repeat(size / 2)}]`],
    ['deep arrays', (size) => nest('[ ', '', ' ]', size / 4)],
    ['deep arrays with elements before', (size) => nest('[1,', '1', ']', size / 4)],
    ['deep arrays with elements after', (size) => nest('[', '1', ',1]', size / 4)],
    ['deep objects with members around', (size) => nest('{"a":1,"c":1,"b":', '1', '}', size / 18)],
    ['deep objects out of order', (size) => nest('{"b":1,"a":', '1', '}', size / 12)],
    ['deep objects of repeated keys', (size) => nest('{"b":1,"a":1,"a":', '1', ',"a":2}', size / 24)],
    ['broken JSON', (size) => nest('[1,', '', ']', size / 4)],
  ];

  // Linear growth takes 10 times as long for 10 times the size, quadratic growth 100 times, and starts from
  // seconds with these bodies. What is below some milliseconds is noise, and quick enough.
  it.each(bodies)('%s', (_, make) => {
    const small = timeOf(make(MEGABYTE / 10));
    const large = timeOf(make(MEGABYTE));
    expect(large).toBeLessThan(40 * Math.max(small, 25));
  });
});

/** As many elements as the size has room for. */
function list(size: number, element: (index: number) => string): string {
  const count = Math.floor(size / (element(0).length + 1));
  return Array.from({ length: count }, (_, index) => element(index)).join(',');
}

/** In milliseconds of the processor's time, so that other programs on the machine do not count. */
function timeOf(text: string): number {
  const start = process.cpuUsage();
  print(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
