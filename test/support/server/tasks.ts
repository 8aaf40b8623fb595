import type { Call, Client } from '../network/http.js';

/** The tasks of a project, newest first; a query may be given. */
export async function tasksOf(client: Client, call: Call = {}, query = ''): Promise<any[]> {
  const { status, json, text } = await client.get(`/v3/tasks${query}`, { token: call.token });
  if (status !== 200) throw new Error(`The list of tasks was answered ${status}: ${text}`);
  return json.tasks;
}

/** A task as refusals show it: without what only look-ups know. */
export function asRefused({ expires_at: _, duplicates: __, ...task }: any): any {
  return task;
}
