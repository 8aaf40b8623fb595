import type { Chance } from './chance.js';
import { byKey, type Decimal, type JsonValue, type Member } from './json-value.js';

/** Writes a value as JSON text in one of the many ways that mean the same. */
export function spell(value: JsonValue, chance: Chance): string {
  return `${blanks(chance)}${spellBare(value, chance)}${blanks(chance)}`;
}

function spellBare(value: JsonValue, chance: Chance): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'number':
      return spellNumber(value.value, chance);
    case 'string':
      return spellString(value.value, chance);
    case 'array':
      return `[${value.items.map((item) => spell(item, chance)).join(',') || blanks(chance)}]`;
    case 'object': {
      const members = inAnyOrder(value.members, chance).map(
        ([key, member]) =>
          `${blanks(chance)}${spellString(key, chance)}${blanks(chance)}:${spell(member, chance)}`,
      );
      return `{${members.join(',') || blanks(chance)}}`;
    }
  }
}

function blanks(chance: Chance): string {
  return ['', '', '', ' ', '\n', '\r\n', '\t \t'][chance(7)] as string;
}

/** Different keys in any order; the values of a repeated one stay in theirs. */
function inAnyOrder(members: Member[], chance: Chance): Member[] {
  const waiting = [...byKey(members)];
  const ordered: Member[] = [];
  while (waiting.length > 0) {
    const index = chance(waiting.length);
    const [key, [first, ...others]] = waiting[index] as [string, [JsonValue, ...JsonValue[]]];
    ordered.push([key, first]);
    waiting.splice(index, 1, ...(others.length > 0 ? [[key, others] as [string, JsonValue[]]] : []));
  }
  return ordered;
}

/** With zeros added at the end, the point anywhere, and an exponent unless it is 0 and left out. */
export function spellNumber({ isNegative, coefficient, exponent }: Decimal, chance: Chance): string {
  const zeros = chance(4);
  let digits = `${coefficient}${'0'.repeat(zeros)}`;
  let power = exponent - BigInt(zeros);
  if (power > 0n && power < 40n && chance(2) === 0) {
    digits += '0'.repeat(Number(power));
    power = 0n;
  }
  const withoutExponent = power <= 0n && power > -450n && chance(2) === 0;
  const places = withoutExponent ? Number(-power) : chance(digits.length + 3);
  power += BigInt(places);

  digits = digits.padStart(places + 1, '0');
  const point = digits.length - places;
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '');
  const fraction = places === 0 ? '' : `.${digits.slice(point)}`;
  return `${isNegative ? '-' : ''}${integer}${fraction}${spellExponent(power, chance)}`;
}

function spellExponent(power: bigint, chance: Chance): string {
  if (power === 0n && chance(2) === 0) return '';
  const sign = power < 0n ? '-' : (['', '+', power === 0n ? '-' : ''][chance(3)] as string);
  const size = power < 0n ? -power : power;
  return `${'eE'[chance(2)]}${sign}${'0'.repeat(chance(3))}${size}`;
}

/** Each character as it is, where JSON and UTF-8 allow that, or escaped. */
function spellString(text: string, chance: Chance): string {
  const characters = [...text].map((character) => {
    const isBare = !/["\\\p{Cc}\p{Cs}]/u.test(character) || character === '\u007f';
    return isBare && chance(3) > 0 ? character : escaped(character, chance);
  });
  return `"${characters.join('')}"`;
}

const SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escaped(character: string, chance: Chance): string {
  const short = SHORT[character];
  if (short !== undefined && chance(2) === 0) return short;
  return character
    .split('')
    .map((unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${chance(2) === 0 ? hex : hex.toUpperCase()}`;
    })
    .join('');
}
