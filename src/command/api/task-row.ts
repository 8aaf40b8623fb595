/** Anything with members, as JSON has it. */
export type Row = Record<string, unknown>;

/** A task as a server shows it. A newer server may show more of it than this command knows. */
export interface TaskRow extends Row {
  uuid: string;
  task: string;
  state: string;
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTaskRow(value: unknown): value is TaskRow {
  return isRow(value) && ['uuid', 'task', 'state'].every((name) => typeof value[name] === 'string');
}

export function hasEnded({ state }: TaskRow): boolean {
  return state === 'success' || state === 'failure';
}
