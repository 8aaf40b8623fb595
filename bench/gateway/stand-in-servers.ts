/** The servers of the stand-in for Nova: numbered, all of them made unless told otherwise, and told apart by their numbers alone. */
const createdAt: number[] = [];

let areMade = true;

/** From now on, servers are being built and never made. */
export function stopMaking(): void {
  areMade = false;
}

const TENANT = 'd0a00bb40b1743029e834a2e1caef6d9';
const USER = '9ba61a668bcd483681198901ee236dac';

/** Makes one more. */
export function newServer() {
  return serverOf(createdAt.push(Date.now()) - 1);
}

/** A server as an administrator sees it; 1 KB. */
export function serverOf(n: number) {
  const number = n.toString(16).padStart(12, '0');
  const id = `3f6a2b1c-9d8e-4a53-9d1f-${number}`;
  const at = new Date(createdAt[n] ?? 0).toISOString().replace(/\.\d+/, '');
  return {
    id,
    name: 'web-1',
    status: areMade ? 'ACTIVE' : 'BUILD',
    tenant_id: TENANT,
    user_id: USER,
    metadata: {},
    hostId: '22a3e402ded1a76b6d488bfd92961caf5d7abfd8729d3958d8fe9785',
    image: { id: '70a599e0-31e7-49b7-b260-868f441e862b', links: [] },
    flavor: { vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0, original_name: 'm1.tiny', extra_specs: {} },
    created: at,
    updated: at,
    addresses: {},
    links: [
      { rel: 'self', href: `http://127.0.0.1:8774/v2.1/servers/${id}` },
      { rel: 'bookmark', href: `http://127.0.0.1:8774/servers/${id}` },
    ],
    key_name: null,
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': 'nova',
    'OS-EXT-SRV-ATTR:reservation_id': `r-${number}`,
    'OS-EXT-SRV-ATTR:launch_index': 0,
    'OS-EXT-STS:task_state': areMade ? null : 'spawning',
    'OS-EXT-STS:vm_state': areMade ? 'active' : 'building',
    'OS-EXT-STS:power_state': areMade ? 1 : 0,
    'OS-SRV-USG:launched_at': areMade ? at.replace('Z', '.000000') : null,
    'OS-SRV-USG:terminated_at': null,
    'os-extended-volumes:volumes_attached': [],
    tags: [],
  };
}

/** Numbers of the servers that `changes-since`, `reservation_id` and `marker` of a list leave. */
export function createdSince(query: URLSearchParams): { from: number; to: number } {
  const [reservation] = /r-[0-9a-f]{12}/.exec(query.get('reservation_id') ?? '') ?? [];
  if (reservation !== undefined) {
    const n = Number.parseInt(reservation.slice(2), 16);
    return { from: n, to: n + 1 };
  }
  const marker = query.get('marker');
  if (marker !== null) return { from: Number.parseInt(marker.slice(-12), 16) + 1, to: createdAt.length };
  const since = Date.parse(query.get('changes-since') ?? '') || 0;
  const first = createdAt.findIndex((at) => at >= since);
  return { from: first < 0 ? createdAt.length : first, to: createdAt.length };
}

/** One page of a list. */
export function serversOf({ from, to }: { from: number; to: number }, query: URLSearchParams): object {
  const end = Math.min(to, from + Number(query.get('limit') ?? 1000));
  const servers = Array.from({ length: end - from }, (_, n) => serverOf(from + n));
  const next = { servers_links: [{ rel: 'next', href: 'http://127.0.0.1:8774/v2.1/servers/detail' }] };
  return { servers, ...(end < to && next) };
}
