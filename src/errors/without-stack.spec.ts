import { withoutStack } from './without-stack.js';

const framesOf = ({ stack }: Error) =>
  (stack ?? '').split('\n').filter((line) => line.includes(' at ')).length;

describe('an error without a stack', () => {
  it('keeps its class and its message, and the next error has a stack again', () => {
    const error = withoutStack(() => new TypeError('refused'));
    expect([error.name, error.message, framesOf(error)]).toEqual(['TypeError', 'refused', 0]);
    expect(framesOf(new Error('another'))).toBeGreaterThan(0);
  });

  it('leaves the limit as it was, also when it cannot be made', () => {
    const limit = Error.stackTraceLimit;
    const make = () => {
      throw new Error('it cannot be made');
    };
    expect(() => withoutStack(make)).toThrow('it cannot be made');
    expect(Error.stackTraceLimit).toBe(limit);
  });
});
