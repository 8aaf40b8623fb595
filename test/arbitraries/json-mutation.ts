import type { Chance } from './chance.js';
import type { JsonValue } from './json-value.js';

/** Changes one place of a value, by little; now and then into a value that is the same. */
export function mutate(value: JsonValue, chance: Chance): JsonValue {
  const goDeeper = chance(3) > 0;
  switch (value.kind) {
    case 'null':
      return pick<JsonValue>(
        [
          { kind: 'string', value: 'null' },
          { kind: 'boolean', value: false },
        ],
        chance,
      );
    case 'boolean':
      return pick<JsonValue>(
        [
          { kind: 'boolean', value: !value.value },
          { kind: 'string', value: String(value.value) },
        ],
        chance,
      );
    case 'number':
      return mutateNumber(value, chance);
    case 'string':
      return { kind: 'string', value: mutateString(value.value, chance) };
    case 'array': {
      const { items } = value;
      if (items.length > 0 && goDeeper) {
        const at = chance(items.length);
        return { kind: 'array', items: items.with(at, mutate(items[at] as JsonValue, chance)) };
      }
      return { kind: 'array', items: mutateList(items, { kind: 'null' }, chance) };
    }
    case 'object': {
      const { members } = value;
      if (members.length > 0 && goDeeper) {
        const at = chance(members.length);
        const [key, member] = members[at] as [string, JsonValue];
        const changed: [string, JsonValue] =
          chance(2) === 0 ? [mutateString(key, chance), member] : [key, mutate(member, chance)];
        return { kind: 'object', members: members.with(at, changed) };
      }
      return { kind: 'object', members: mutateList(members, ['', { kind: 'null' }], chance) };
    }
  }
}

function mutateNumber(number: Extract<JsonValue, { kind: 'number' }>, chance: Chance): JsonValue {
  const { value } = number;
  return pick<JsonValue>(
    [
      { kind: 'number', value: { ...value, coefficient: value.coefficient + 1n } },
      { kind: 'number', value: { ...value, coefficient: value.coefficient * 10n } },
      { kind: 'number', value: { ...value, exponent: value.exponent + 1n } },
      { kind: 'number', value: { ...value, exponent: -value.exponent } },
      { kind: 'number', value: { ...value, isNegative: !value.isNegative } },
      { kind: 'string', value: String(value.coefficient) },
      { kind: 'array', items: [number] },
    ],
    chance,
  );
}

function mutateString(text: string, chance: Chance): string {
  return pick(
    [
      `${text} `,
      `${text}\0`,
      text.slice(1),
      [...text].reverse().join(''),
      text.normalize('NFC'),
      text.normalize('NFD'),
      text.toUpperCase(),
      text.toLowerCase(),
      JSON.stringify(text).slice(1, -1),
      text.replace(/\p{Cs}/u, '\ufffd'),
    ],
    chance,
  );
}

/** One element more, one fewer, one twice, two exchanged, or all of them the other way round. */
function mutateList<T>(list: T[], filler: T, chance: Chance): T[] {
  const at = chance(list.length + 1);
  const element = list[at] ?? filler;
  return pick(
    [
      list.toSpliced(at, 0, filler),
      list.toSpliced(at, 1),
      list.toSpliced(at, 0, element),
      [...list.slice(at), ...list.slice(0, at)],
      list.toReversed(),
    ],
    chance,
  );
}

function pick<T>(choices: T[], chance: Chance): T {
  return choices[chance(choices.length)] as T;
}
