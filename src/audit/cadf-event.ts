import { randomUUID } from 'node:crypto';

/** The type under which keystonemiddleware sends the event of an answer. */
export const AUDIT_EVENT_TYPE = 'audit.http.response';

/** What an audit event is about, as the server knows it. */
export interface Audited {
  method: string;
  /** Path and query, as the client sent them. */
  url: string;
  /** The route, a pattern such as `/v3/servers/:id/action`. */
  route: string;
  /** The name of the action in the body of `…/action`; `null` for other requests. */
  action: string | null;
  status: number;
  caller: { userId: string; projectId: string } | null;
  client: { address: string; agent: string | undefined };
  requestId: string;
  globalRequestId: string | null;
  /** What happened, and to which task. */
  decision: Decision;
}

/** A decision of Tasktag's own. */
export interface Decision {
  /** A duplicate was refused or answered; a tag was to be abandoned, or a task to be resolved. */
  decision: 'refused' | 'answered' | 'abandon' | 'resolve';
  /** The task that it is about; for a duplicate, that of the first request. */
  task: string | null;
  tag: string | null;
}

const UNKNOWN = 'unknown';

/**
 * The parts of a path that pycadf's map for Nova knows, and what follows upon each; other parts are left out. Tasks are
 * Tasktag's own.
 */
const PATH_KEYWORDS: Record<string, string | null> = {
  action: null,
  'os-volume_attachments': 'attachment',
  servers: 'server',
  tasks: 'task',
};

/**
 * An event in the form of keystonemiddleware's audit (CADF, DSP0262), as it is sent when a request is answered
 * (`audit.http.response`). The token is masked as a whole, and the user's name is not known here.
 */
export function cadfEvent(audited: Audited, at = new Date()) {
  const { caller, client, status, decision } = audited;
  const now = timestamp(at);
  return {
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    eventType: 'activity',
    id: randomUUID(),
    eventTime: now,
    action: actionOf(audited),
    outcome: status >= 200 && status < 400 ? 'success' : 'failure',
    reason: { reasonType: 'HTTP', reasonCode: String(status) },
    initiator: {
      typeURI: 'service/security/account/user',
      id: caller?.userId ?? UNKNOWN,
      name: UNKNOWN,
      project_id: caller?.projectId ?? UNKNOWN,
      host: client,
      credential: { token: 'xxxxxxxx', identity_status: caller === null ? UNKNOWN : 'Confirmed' },
      request_id: audited.requestId,
      ...(audited.globalRequestId !== null && { global_request_id: audited.globalRequestId }),
    },
    target: { typeURI: typeOf(audited.route), id: 'nova', name: 'nova' },
    observer: { id: 'target' },
    requestPath: audited.url,
    tags: [`correlation_id?value=${randomUUID()}`],
    attachments: [{ typeURI: 'application/json', name: 'tasktag', content: decision }],
    reporterchain: [{ role: 'modifier', reporterTime: now, reporter: { id: 'target' } }],
  };
}

export type CadfEvent = ReturnType<typeof cadfEvent>;

/** As keystonemiddleware finds it, with pycadf's map for Nova. */
function actionOf({ method, route, action }: Audited): string {
  if (method === 'DELETE') return 'delete';
  if (method !== 'POST') return 'update';
  const [last = ''] = route.split('/').slice(-1);
  if (last === 'action') return action === null ? 'create' : `update/${action}`;
  return last === 'servers' || last === 'os-volume_attachments' ? 'create' : 'update';
}

function typeOf(route: string): string {
  const [, , ...parts] = route.split('/');
  const words = parts.map((part, n) =>
    part.startsWith(':') ? PATH_KEYWORDS[parts[n - 1] ?? ''] : part in PATH_KEYWORDS ? part : null,
  );
  return ['service/compute', ...words.filter((word) => typeof word === 'string')].join('/');
}

/** As pycadf writes it: microseconds, and the offset without a colon. */
function timestamp(at: Date): string {
  return at.toISOString().replace('Z', '000+0000');
}
