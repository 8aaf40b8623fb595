/** How deep a value is shown; a client may nest as deep as the size of a body allows. */
const MAX_DEPTH = 5;

/** How many characters of a value are shown. */
const MAX_LENGTH = 255;

/** Replaces values that must not be shown, as in Nova's own logs. */
export const CONCEALED = '***';

/** Names of fields whose values are, or may be, secrets: an error's text may reach a log. */
const SECRET_NAME = /pass|secret|token|user_data|personality|(public|private)_key/i;

/** Whether the values under this name are never shown. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** A JSON value as Python's `repr` shows it, for texts that read as Nova's; long ones are cut. */
export function repr(value: unknown): string {
  return typeof value === 'string' ? quote(value) : cut(show(value, 0));
}

/** A JSON value as Python's `str` shows it: as `repr`, except that a text is shown as it is. */
export function str(value: unknown): string {
  return typeof value === 'string' ? cut(value) : repr(value);
}

function show(value: unknown, depth: number): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object') return `${value as number}`;
  if (Array.isArray(value)) {
    if (depth === MAX_DEPTH) return '[...]';
    return `[${value.map((item) => show(item, depth + 1)).join(', ')}]`;
  }
  if (depth === MAX_DEPTH) return '{...}';
  const pairs = Object.entries(value).map(
    ([name, item]) => `${quote(name)}: ${isSecretName(name) ? CONCEALED : show(item, depth + 1)}`,
  );
  return `{${pairs.join(', ')}}`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Python uses double quotes only for a text that has single ones and no double ones. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = cut(text)
    .replace(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char)
    .replaceAll(mark, `\\${mark}`)
    .replace(/(?! )[\p{C}\p{Z}]/gu, escape);
  return mark + inside + mark;
}

function escape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  // Not between the two halves of a character.
  return `${text.slice(0, MAX_LENGTH).replace(/[\uD800-\uDBFF]$/, '')}...`;
}
