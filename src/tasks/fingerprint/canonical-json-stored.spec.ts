import fc from 'fast-check';
import { broken, crowded, pieces, spelled } from '../../../test/arbitraries/json-text.js';
import { trials } from '../../../test/support/trials.js';
import { canonicalJson } from './canonical-json.js';
import { canonicalNumber } from './canonical-number.js';

// The keys in the table were made by this form. Another one would let a request of yesterday be carried out again.
describe('the canonical form stays what it was when the keys in the database were made', () => {
  it.each([
    ['any values, in any spelling', spelled],
    ['objects of many keys, in any order', crowded],
    ['texts that are nearly JSON', broken],
    ['pieces of JSON in any order', pieces],
  ])('of %s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        // What is not UTF-8 is not taken for JSON in the first place.
        fc.pre(Buffer.from(text).toString() === text);
        const now = formOf(() => canonicalJson(Buffer.from(text)).toString());
        expect(now).toBe(formOf(() => referenceForm(text)));
      }),
      { numRuns: trials(3000) },
    );
  });

  it.each([1, 15, 16, 17, 40, 1000])('of an object with %i keys, last first', (count) => {
    const keys = Array.from({ length: count }, (_, n) => `"key${count - n}": {"b": ${n}, "a": [{}]}`);
    const text = `{${keys.join(', ')}}`;
    expect(canonicalJson(Buffer.from(text)).toString()).toBe(referenceForm(text));
  });
});

function formOf(form: () => string): string {
  try {
    return form();
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return 'refused';
  }
}

/** The canonical form of version 0.1, which parsed with the engine and worked on strings. */
function referenceForm(text: string): string {
  JSON.parse(text); // the grammar is the engine's; from here on the text is known to be well-formed
  const open: Container[] = [];
  let position = 0;

  for (;;) {
    const start = skipBlanks(text, position);
    const char = text[start] as string;
    let value: string;

    if (char === '{' || char === '[') {
      const container: Container = { members: char === '{' ? [] : null, key: '', elements: '' };
      const first = skipBlanks(text, start + 1);
      if (text[first] !== '}' && text[first] !== ']') {
        open.push(container);
        position = container.members === null ? first : readKey(text, first, container);
        continue;
      }
      value = close(container);
      position = first + 1;
    } else {
      position = char === '"' ? stringEnd(text, start) : scalarEnd(text, start);
      value = canonicalScalar(text.slice(start, position));
    }

    // A value is complete: it may complete any number of the containers around it.
    for (;;) {
      const container = open.at(-1);
      if (container === undefined) return value;
      add(container, value);
      position = skipBlanks(text, position);
      if (text[position] === ',') {
        const next = skipBlanks(text, position + 1);
        position = container.members === null ? next : readKey(text, next, container);
        break;
      }
      position += 1;
      open.pop();
      value = close(container);
    }
  }
}

interface Container {
  /** Of an object, its members so far; of an array, nothing. */
  members: { key: string; value: string }[] | null;
  /** Of an object, the canonical key of the member that is being read. */
  key: string;
  /** Of an array, the canonical text of its elements so far. */
  elements: string;
}

function add(container: Container, value: string): void {
  if (container.members === null) container.elements = listed(container.elements, value);
  else container.members.push({ key: container.key, value });
}

function close({ members, elements }: Container): string {
  if (members === null) return `[${elements}]`;
  // Array.prototype.sort is stable, so repeated keys stay in the order in which they were sent.
  members.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  let list = '';
  for (const { key, value } of members) list = listed(list, `${key}:${value}`);
  return `{${list}}`;
}

function listed(list: string, element: string): string {
  return list === '' ? element : `${list},${element}`;
}

function readKey(text: string, start: number, container: Container): number {
  const end = stringEnd(text, start);
  container.key = canonicalScalar(text.slice(start, end));
  return skipBlanks(text, end) + 1;
}

function skipBlanks(text: string, position: number): number {
  for (;;) {
    const code = text.charCodeAt(position);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return position;
    position += 1;
  }
}

function stringEnd(text: string, start: number): number {
  let position = start + 1;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position + 1;
    position += code === 0x5c ? 2 : 1;
  }
}

const DELIMITERS = new Set([',', ']', '}', ' ', '\n', '\r', '\t']);

function scalarEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && !DELIMITERS.has(text[position] as string)) position += 1;
  return position;
}

function canonicalScalar(token: string): string {
  if (token[0] === '"') return token.includes('\\') ? JSON.stringify(JSON.parse(token)) : token;
  return token === 'true' || token === 'false' || token === 'null' ? token : canonicalNumber(token);
}
