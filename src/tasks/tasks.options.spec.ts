import { singleTenant, tasksOptions, type TasksOptionsInput } from './tasks.options.js';

const made = (options: object) => tasksOptions({ requester: singleTenant, ...options });

describe('the options of the module', () => {
  it.each<[object, RegExp]>([
    [{ tagheader: 'Idempotency-Key' }, /no option tagheader; it has .*tagHeader/],
    [{ retentionMS: 5 }, /no option retentionMS; it has .*retentionMs/],
    [{ requester: undefined }, /option requester must/],
    [{ tagHeader: 'two words' }, /option tagHeader must/],
    [{ tagRequired: 'false' }, /option tagRequired must be true or false/],
    [{ sweep: 0 }, /option sweep must be true or false/],
    [{ retentionMs: Infinity }, /option retentionMs must/],
    [{ retentionMs: '1000' }, /option retentionMs must/],
    [{ parameters: 'body' }, /option parameters must be a function/],
    [{ settle: 'x' }, /option settle must be a function/],
    [{ outcomeOfError: null }, /option outcomeOfError must be a function/],
    [{ now: () => new Date() }, /option now must give a number/],
    [{ now: 1 }, /option now must be a function/],
  ])('are refused when one is invalid: %o', (options, text) => {
    expect(() => made(options)).toThrow(text);
    expect(() => made(options)).toThrow(TypeError);
  });

  it('are refused when a factory has forgotten to give them', () => {
    expect(() => tasksOptions(undefined as unknown as TasksOptionsInput<unknown>)).toThrow(/got no options/);
  });

  it('may be left out, also by undefined', () => {
    expect(
      made({ tagHeader: undefined, settle: undefined, parameters: null, retentionMs: null }),
    ).toMatchObject({
      tagHeader: 'Task-tag',
      sweep: true,
    });
  });
});
