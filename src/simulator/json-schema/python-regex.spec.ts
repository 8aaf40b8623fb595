import { isPythonRegex } from './python-regex.js';

describe('a pattern', () => {
  it.each([
    ...[
      '',
      'web',
      '^web-\\d+$',
      'a|b',
      '(a)\\1',
      '[]a]',
      '[^]a]',
      '[a-z\\d-]',
      'x{2,3}?',
      'x{',
      'a++',
      '.*?',
    ],
    ...['(?i)web', '(?:a)*', '(?P<n>a)', '(?>a)', '(?=a)*', '(?#c)', '\\Z', '\\x41', 'é', '\0'],
  ])('is %j, to Python', (pattern) => {
    expect(isPythonRegex(pattern)).toBe(true);
  });

  it.each([
    ...[
      '[',
      '[]',
      '[^]',
      '[z-a]',
      '[\\q]',
      '[\\d-z]',
      '(',
      ')',
      'a)',
      '*',
      '+a',
      '^*',
      '(*)',
      'a**',
      'a{1}{2}',
    ],
    ...['x{3,2}', '\\', '\\q', '\\x4', '\\1', 'a(?i)', '(?<n>a)', '(?', '(?P<1>a)', '|*', '(?#'],
  ])('is not %j, to Python', (pattern) => {
    expect(isPythonRegex(pattern)).toBe(false);
  });

  it('is judged in no time, however long it is', () => {
    expect(isPythonRegex('(a+)+'.repeat(20_000))).toBe(true);
    expect(isPythonRegex('['.repeat(100_000))).toBe(false);
  });
});
