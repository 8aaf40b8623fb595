/** Looks at each value before it is written, and returns the value to write in its place. */
type Look = (value: unknown) => unknown;

/**
 * The JSON text of a value, however deep. `JSON.stringify` calls itself for each level, and runs out of stack after a
 * few thousand, while the parsers of requests go deeper.
 *
 * @returns `undefined` for a value without a JSON text, such as a function
 */
export function jsonText(value: unknown, look?: Look): string | undefined {
  try {
    const replacer = look && ((_: string, each: unknown) => look(each));
    return JSON.stringify(value, replacer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new DeepText(look).of(value);
  }
}

/** A list or an object that is being written. */
interface Open {
  value: object;
  isList: boolean;
  /** Its remaining members, the next one at the end. */
  left: [key: string, value: unknown][];
  isEmpty: boolean;
}

/** The same text, by a stack of its own. */
class DeepText {
  private readonly parts: string[] = [];
  private readonly open: Open[] = [];
  private readonly around = new Set<object>();

  constructor(private readonly look: Look = (value) => value) {}

  of(root: unknown): string | undefined {
    if (!this.write('', '', root)) return undefined;
    for (let level = this.open.at(-1); level !== undefined; level = this.open.at(-1)) {
      const member = level.left.pop();
      if (member === undefined) this.close(level);
      else this.member(level, ...member);
    }
    return this.parts.join('');
  }

  private member(level: Open, key: string, value: unknown): void {
    const before = (level.isEmpty ? '' : ',') + (level.isList ? '' : `${JSON.stringify(key)}:`);
    // A value without a text is left out of an object, and leaves a gap in a list.
    if (this.write(before, key, value)) level.isEmpty = false;
    else if (level.isList) level.isEmpty = !this.write(before, key, null);
  }

  /** @returns whether the value has a text */
  private write(before: string, key: string, given: unknown): boolean {
    const value = this.look(plain(given, key));
    if (hasMembers(value)) {
      if (this.around.has(value)) throw new TypeError('A value that contains itself has no JSON text.');
      const isList = Array.isArray(value);
      this.around.add(value);
      this.open.push({ value, isList, left: membersOf(value).reverse(), isEmpty: true });
      this.parts.push(before, isList ? '[' : '{');
      return true;
    }
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) this.parts.push(before, text);
    return text !== undefined;
  }

  private close({ value, isList }: Open): void {
    this.open.pop();
    this.around.delete(value);
    this.parts.push(isList ? ']' : '}');
  }
}

/** The value that replaces another one in JSON, by its own `toJSON` method, as dates have one. */
function plain(value: unknown, key: string): unknown {
  const { toJSON } = (value ?? {}) as { toJSON?: (key: string) => unknown };
  return typeof toJSON === 'function' ? toJSON.call(value, key) : value;
}

function membersOf(value: object): Open['left'] {
  // A list may have gaps.
  if (Array.isArray(value)) return Array.from(value, (member, n) => [String(n), member as unknown]);
  return Object.entries(value);
}

function hasMembers(value: unknown): value is object {
  const isWrapped = value instanceof Number || value instanceof String || value instanceof Boolean;
  return typeof value === 'object' && value !== null && !isWrapped;
}
