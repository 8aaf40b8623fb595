/** One member of an object in a JSON text, by positions. */
interface Member {
  key: string;
  /** First character of its value. */
  start: number;
  /** The character after its value. */
  end: number;
}

/**
 * Finds the value of an object's member in a JSON text. Of a repeated key the last one counts, as it does for Python
 * and for `JSON.parse`.
 *
 * @param text valid JSON
 * @param start position of the object
 * @returns `null` when the value at `start` is not an object, or has no such member
 */
export function memberOf(text: string, start: number, key: string): Member | null {
  return membersOf(text, start).findLast((member) => member.key === key) ?? null;
}

/**
 * Adds an element to an array or an object, as its first one. The rest of the text is unchanged.
 *
 * @param start position of the array or the object
 * @param element an array's element, or an object's `"key":value`
 */
export function addFirst(text: string, start: number, element: string): string {
  const inside = start + 1;
  const next = text[skipBlanks(text, inside)];
  const isEmpty = next === ']' || next === '}';
  return text.slice(0, inside) + element + (isEmpty ? '' : ',') + text.slice(inside);
}

/** Position of the first character that is not white space. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
  return at;
}

function membersOf(text: string, start: number): Member[] {
  const members: Member[] = [];
  if (text[start] !== '{') return members;
  let at = skipBlanks(text, start + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const valueStart = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const end = endOfValue(text, valueStart);
    members.push({ key, start: valueStart, end });
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return members;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else {
      if (character === '{' || character === '[') depth += 1;
      if (character === '}' || character === ']') depth -= 1;
      at += 1;
    }
  } while (depth > 0 || !/[,\]} \t\r\n]|^$/.test(text[at] ?? ''));
  return at;
}

/** The position after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
