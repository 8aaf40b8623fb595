import { subjectOf, type Task } from '../task.js';

/** The columns of an export, and what each has of a task. */
const COLUMNS: [name: string, of: (task: Task) => unknown][] = [
  ['uuid', ({ uuid }) => uuid],
  ['task', ({ task }) => task],
  ['state', ({ state }) => state],
  ['accepted', ({ accepted }) => accepted],
  ['tag', ({ tag }) => tag],
  ['resource_kind', (task) => subjectOf(task)?.kind],
  ['resource_id', (task) => subjectOf(task)?.id],
  ['user_id', ({ user_id }) => user_id],
  ['project_id', ({ project_id }) => project_id],
  ['request_id', ({ request_id }) => request_id],
  ['start_time', ({ start_time }) => start_time],
  ['sent_at', ({ sent_at }) => sent_at],
  ['answered_at', ({ answered_at }) => answered_at],
  ['ended_at', ({ ended_at }) => ended_at],
  ['last_updated', ({ last_updated }) => last_updated],
  ['expires_at', ({ expires_at }) => expires_at],
  ['duplicates_refused', ({ duplicates }) => duplicates?.refused],
  ['duplicates_answered', ({ duplicates }) => duplicates?.answered],
  ['fault_code', ({ fault }) => fault?.code],
  ['fault_message', ({ fault }) => fault?.message],
  ['resolved_by', ({ resolved }) => resolved?.by],
  ['resolved_reason', ({ resolved }) => resolved?.reason],
];

/** Tasks as a table of RFC 4180, with a line of names. */
export function csvOf(tasks: readonly Task[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...tasks.map((task) => COLUMNS.map(([, of]) => of(task)))];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** Spreadsheets carry out what begins with one of these; after an apostrophe they show it. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
