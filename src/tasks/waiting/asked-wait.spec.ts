import { askedWait, waitSeconds } from './asked-wait.js';

describe('how long a look-up is to wait', () => {
  it.each([
    ['wait=30', 30],
    ['Wait=30', 30],
    ['respond-async, wait=10', 10],
    ['wait="10"', 10],
    ['wait = 10 ; foo="a, b"', 10],
    ['foo="a, wait=1", wait=2', 2],
    ['wait=1, wait=2', 1],
    ['wait=0', 0],
    ['wait=61', 60],
    ['wait=99999999999999999999', 60],
    ['wait=-1', null],
    ['wait=1.5', null],
    ['wait=', null],
    ['wait', null],
    ['await=5', null],
    ['respond-async', null],
    ['', null],
    ['"', null],
  ])('by Prefer: %s', (prefer, seconds) => {
    expect(askedWait(undefined, prefer)).toEqual(seconds === null ? null : { seconds, isPreferred: true });
  });

  it('by the parameter, if both are there', () => {
    expect(askedWait(5, 'wait=30')).toEqual({ seconds: 5, isPreferred: false });
    expect(askedWait(undefined, undefined)).toBeNull();
  });

  it.each([
    ['0', 0],
    ['60', 60],
    ['007', 7],
    ['61', null],
    ['-1', null],
    ['1.5', null],
    ['1e1', null],
    ['', null],
    [' 1', null],
    ['٣', null],
  ])('a parameter of "%s" has %s seconds', (text, seconds) => {
    expect(waitSeconds(text)).toBe(seconds);
  });
});
