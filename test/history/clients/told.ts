import type { ExchangeEntry, SeenTask } from '../journal/entries.js';
import type { Reply } from './wire.js';

/** What an answer tells, as the history has it. */
export type Told = Pick<ExchangeEntry, 'status' | 'isRefusal' | 'tasks' | 'server' | 'message'>;

const REFUSAL = 'That request is already accepted';

export function toldBy(reply: Reply | null): Told {
  if (reply === null) return { status: null, isRefusal: false, tasks: [], server: null, message: null };
  const json = parsed(reply.text) as any;
  const fault = reply.status >= 400 ? (Object.values(json ?? {})[0] as any) : undefined;
  const shown: any[] = json?.tasks ?? [json?.task ?? fault?.task].filter(Boolean);
  return {
    status: reply.status,
    isRefusal: reply.status === 409 && fault?.message === REFUSAL,
    tasks: shown.map(seen),
    server: json?.server?.id ?? null,
    message: reply.status < 400 ? null : (fault?.message ?? reply.text.slice(0, 200)),
  };
}

function seen({ uuid, task, state, accepted, resource, fault }: any): SeenTask {
  return { uuid, task, state, accepted, resource, fault };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
