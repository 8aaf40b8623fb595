import fc from 'fast-check';
import { chance } from './chance.js';
import { spell } from './json-spelling.js';
import { jsonValue } from './json-value.js';

/** Texts that are mostly JSON, with all that its grammar allows and nearly allows. */
export const pieces = fc
  .array(
    fc.constantFrom(
      ...'{}{}[][],,,::"\\ \n\r\t-+.eE0195',
      ...[
        'true',
        'false',
        'null',
        '"a"',
        '"b":',
        '"a":1,',
        '"__proto__":{}',
        '"10":',
        '"9":',
        '1e400',
        '10',
        '1.10',
        '-0',
      ],
      ...[
        '\\u00e9',
        '\\ud83d',
        '"\\u0041":',
        '"\\/"',
        '"\\n":[',
        'é',
        '\ue000',
        '😀',
        '"😀":',
        '"\ue000":',
        '\u007f',
        '\0',
        '\ufeff',
      ],
    ),
    { maxLength: 30 },
  )
  .map((some) => some.join(''));

/** Any value, in any spelling. */
export const spelled = fc.tuple(jsonValue, chance).map(([value, choose]) => spell(value, choose));

/** JSON that is not: a text with one character more, or one fewer. */
export const broken = fc.tuple(jsonValue, chance).map(([value, choose]) => {
  const text = spell(value, choose);
  const at = choose(text.length + 1);
  return choose(2) === 0
    ? text.slice(0, at) + text.slice(at + 1)
    : `${text.slice(0, at)}${'"\\,]}0 a\n'[choose(9)]}${text.slice(at)}`;
});

/** Many keys that look alike, nested, in any order. */
export const crowded = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom('1', '10', '"x"', '[]', '{}', '""', 'null', '"a\\"b"', '1200', '-5.50'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' ,')}]`),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('a', 'b', 'aa', 'a!', '1', '01', 'é', '\ue000', '😀', '\\u0062', '\\"', ''),
          tie('value'),
        ),
        { maxLength: 40 },
      )
      .map((members) => `{${members.map(([key, value]) => `"${key}" : ${value}`).join(', ')}}`),
  ),
})).value;
