import { onlyKeyOf } from '../../compute/actions/action-key.js';
import { statusOfAnswer } from '../../compute/actions/nova-actions.js';
import type { ComputeService } from '../../compute/compute.service.js';
import type { HttpAnswer } from '../../compute/http-answer.js';
import { microversionOf } from '../../openstack/microversion.guard.js';
import { apiBase, type Link, resourceLinks } from '../../openstack/urls/links.js';
import type { Task } from '../../tasks/task.entity.js';
import type { ServerRequest } from '../server-request.js';

/** From this microversion on, the id of a new image is in the body. */
const IMAGE_ID_IN_BODY = 45;

/** From this one on, a volume is attached later, and the answer is empty. */
const ATTACHED_LATER = 101;

/** What Nova takes for true (oslo.utils, `bool_from_string`), as its schema allows it. */
const TRUE = new Set(['true', 'True', 'TRUE', '1', 'ON', 'On', 'on', 'YES', 'Yes', 'yes']);

type Fields = Record<string, unknown>;

/** What the answer to a request is made from. */
interface Again {
  first: Task;
  request: ServerRequest;
  /** What the server, or a part of it, looks like now; `null` if that cannot be seen. */
  show: (part: string) => Promise<object | null> | null;
  /** What the request asks for: the object inside the body. */
  asked: Fields;
  /** `null` for a create whose servers are known by its reservation only. */
  server: string | null;
}

/**
 * The answer to a request that was accepted before, as Nova forms it (nova/api/openstack/compute). It is made from the
 * ids in the task, this request, which is the same, and the present state of what was attached or rebuilt. Passwords
 * (`adminPass`) are not kept, so they are missing.
 *
 * @param first its task
 * @returns `null` if the ids do not suffice
 */
export async function firstAnswer(
  first: Task,
  request: ServerRequest,
  compute: ComputeService,
): Promise<HttpAnswer | null> {
  const server = first.resource?.['server'] ?? null;
  const key = request.method === 'POST' ? onlyKeyOf(request.body) : null;
  const asked = ((request.body ?? {}) as Record<string, Fields | null>)[key ?? ''] ?? {};
  const status = statusOfAnswer(first.task, key);
  const show = (part: string) =>
    server === null ? null : compute.show(server, part, request).catch(() => null);
  const again = { first, request, show, asked, server };
  const answer = first.task === 'create' ? await create(again) : await answerOfAction(again);
  return answer === null ? null : { status, headers: {}, body: undefined, ...answer };
}

/** The same, when the server is known. */
type OfServer = Again & { server: string };

type Parts = Partial<HttpAnswer> | null;

const BODIES: Readonly<Record<string, (again: OfServer) => Parts | Promise<Parts>>> = {
  rebuild,
  createImage,
  createBackup: createImage,
  rescue: () => ({ body: {} }),
  attach_interface: attachInterface,
  attach_volume: attachVolume,
  attach_share: async ({ first, show }) => ({
    body: (await show(`shares/${first.resource?.['share'] ?? ''}`)) ?? undefined,
  }),
};

async function answerOfAction({ server, ...again }: Again): Promise<Parts> {
  if (server === null) return null;
  const body = BODIES[again.first.task];
  return body === undefined ? {} : body({ ...again, server });
}

async function create({ first, request, asked, server, show }: Again): Promise<Parts> {
  if (TRUE.has(String(asked['return_reservation_id']))) {
    const reservation = first.resource?.['reservation'];
    return reservation === undefined ? null : { body: { reservation_id: reservation } };
  }
  if (server === null) return null;
  const shown = serverIn(await show('')) ?? bareServer(server, request);
  return {
    headers: located(shown),
    body: {
      server: {
        id: server,
        links: shown.links,
        'OS-DCF:diskConfig': shown['OS-DCF:diskConfig'] ?? asked['OS-DCF:diskConfig'] ?? 'MANUAL',
        security_groups: asked['security_groups'] ?? [{ name: 'default' }],
      },
    },
  };
}

async function rebuild({ request, show, server }: OfServer): Promise<Parts> {
  const shown = serverIn(await show('')) ?? bareServer(server, request);
  return { headers: located(shown), body: { server: shown } };
}

function createImage({ first, request }: OfServer): Parts {
  const image = first.resource?.['image'];
  if (image === undefined) return null;
  if (microversionOf(request) >= IMAGE_ID_IN_BODY) return { body: { image_id: image } };
  return { headers: { Location: `${apiBase(request)}/images/${image}` } };
}

async function attachInterface({ first, show }: OfServer): Promise<Parts> {
  const { port, network } = first.resource ?? {};
  if (port === undefined) return null;
  const bare = { interfaceAttachment: { net_id: network ?? null, port_id: port } };
  return { body: (await show(`os-interface/${port}`)) ?? bare };
}

async function attachVolume({ first, request, show, asked, server }: OfServer): Promise<Parts> {
  if (microversionOf(request) >= ATTACHED_LATER) return { status: 202 };
  const volume = first.resource?.['volume'];
  if (volume === undefined) return null;
  const device = asked['device'] ?? null;
  const bare = { volumeAttachment: { id: volume, volumeId: volume, serverId: server, device } };
  return { body: (await show(`os-volume_attachments/${volume}`)) ?? bare };
}

/** A server as it is shown. */
type ShownServer = Fields & { links: Link[] };

function serverIn(shown: object | null): ShownServer | null {
  return (shown as { server?: ShownServer } | null)?.server ?? null;
}

/** What is known of a server that is gone. */
function bareServer(id: string, request: ServerRequest): ShownServer {
  return { id, links: resourceLinks(request, `servers/${id}`) };
}

function located({ links }: ShownServer): Record<string, string> {
  const self = links.find(({ rel }) => rel === 'self');
  return self === undefined ? {} : { Location: self.href };
}
