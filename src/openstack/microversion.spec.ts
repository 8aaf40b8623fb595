import { BadRequest, UnsupportedMicroversion } from './faults.js';
import { format, readMicroversion } from './microversion.js';

function read(standard?: string, legacy?: string): number {
  return readMicroversion({
    headers: {
      ...(standard !== undefined && { 'openstack-api-version': standard }),
      ...(legacy !== undefined && { 'x-openstack-nova-api-version': legacy }),
    },
  });
}

describe('the microversion of a request', () => {
  it.each<[string, string | undefined, string | undefined, number]>([
    ['2.1 when it names none', undefined, undefined, 1],
    ['the one for compute', 'compute 2.37', undefined, 37],
    ['the least', 'compute 2.1', undefined, 1],
    ['the greatest', 'compute 2.60', undefined, 60],
    ['the greatest for "latest"', 'compute latest', undefined, 60],
    ['the one of the older header', undefined, '2.12', 12],
    ['the greatest for "latest" in the older header', undefined, 'latest', 60],
    ['the newer header’s when both are there', 'compute 2.5', '2.9', 5],
    ['the one for compute among several services', 'volume 3.70, compute 2.5,identity 3.14', undefined, 5],
    ['the last one for compute', 'compute 2.5, compute 2.6', undefined, 6],
    ['the one with a version', 'compute 2.5, compute', undefined, 5],
    ['the older header’s when the newer names other services', 'volume 3.70', '2.9', 9],
    ['the older header’s when the newer names no version', 'compute', '2.9', 9],
    ['2.1 when it is for other services only', 'volume 3.70', undefined, 1],
    ['2.1 for an empty header', '', undefined, 1],
    ['whatever the case of the service', 'Compute 2.5', undefined, 5],
    ['whatever the blanks', '  compute \t 2.5  ', undefined, 5],
    ['the last of the older header', undefined, '2.4, 2.5', 5],
  ])('is %s', (_, standard, legacy, minor) => {
    expect(read(standard, legacy)).toBe(minor);
  });

  it.each([
    '2',
    '2.',
    '.1',
    '2.01',
    '02.1',
    '2.1.1',
    '2.-1',
    '2.1 2.2',
    '2,1',
    'two',
    'LATEST',
    '2.1e1',
    ' ',
  ])('cannot be %j: 400 in Nova’s words', (text) => {
    const version = text.split(',').at(-1)?.trim();
    expect(() => read(undefined, text)).toThrow(
      new BadRequest(
        `API Version String ${version} is of invalid format. Must be of format MajorNum.MinorNum.`,
      ),
    );
  });

  it.each(['2.0', '2.61', '1.1', '3.1', '2.999999999999999999999', `2.${'9'.repeat(400)}`])(
    'cannot be %s: 406 in Nova’s words',
    (text) => {
      expect(() => read(`compute ${text}`)).toThrow(new UnsupportedMicroversion(text, '2.1', '2.60'));
    },
  );

  it('is written with its major number', () => {
    expect(format(60)).toBe('2.60');
  });
});
