/**
 * Adds modules to the `imports` of an application's root module, and the lines that import their classes, unless they
 * are there.
 *
 * @returns null for a file that does not have one decorator `@Module({ … })`
 */
exports.withImports = function withImports(text, wanted) {
  const modules = wanted.filter(({ name }) => !text.includes(name));
  if (modules.length === 0) return text;
  const [start, ...more] = [...text.matchAll(/@Module\(\s*\{/g)];
  if (start === undefined || more.length > 0) return null;
  const names = modules.map(({ name }) => name).join(', ');
  const inside = start.index + start[0].length;
  const rest = text.slice(inside);
  const list = /\bimports\s*:\s*\[/.exec(rest);
  const lines = modules.map(({ name, from }) => `import { ${name} } from '${from}';\n`).join('');
  if (list === null) return afterImports(`${text.slice(0, inside)}\n  imports: [${names}],${rest}`, lines);
  // Last, behind the data source: what is made first is closed last.
  const end = endOfItems(text, inside + list.index + list[0].length);
  if (end === null) return null;
  const separator = { '[': '', ',': ' ' }[text[end - 1]] ?? ', ';
  return afterImports(`${text.slice(0, end)}${separator}${names}${text.slice(end)}`, lines);
};

/** The end of what a list has, less comments; null if its brackets do not match. */
function endOfItems(text, start) {
  const part = /\/\/.*|\/\*[^]*?\*\/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|\S/g;
  part.lastIndex = start;
  let depth = 1;
  let end = start;
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    const [what] = found;
    if ('[({'.includes(what)) depth += 1;
    if ('])}'.includes(what)) depth -= 1;
    if (depth === 0) return end;
    if (!/^\/[/*]/.test(what)) end = part.lastIndex;
  }
  return null;
}

/** Puts lines behind the last import at the top of a file. */
function afterImports(text, lines) {
  const imports = [...text.matchAll(/^import\b[^;]*;[^\n]*\n/gm)];
  const last = imports.at(-1);
  const at = last === undefined ? 0 : last.index + last[0].length;
  return text.slice(0, at) + lines + text.slice(at);
}
