/** Services of this server, as listed in the catalogue, by the usual names. */
const SERVICES = [
  { type: 'identity', name: 'keystone', path: '/identity/v3' },
  { type: 'compute', name: 'nova', path: '/v2.1' },
  { type: 'image', name: 'glance', path: '/image' },
  { type: 'network', name: 'neutron', path: '/network' },
];

const REGION = 'RegionOne';

/** The catalogue of services, by which clients find the compute, image and network API of this server. */
export function catalog(origin: string): object[] {
  return SERVICES.map(({ type, name, path }) => ({
    id: type,
    type,
    name,
    endpoints: ['public', 'internal', 'admin'].map((kind) => ({
      id: `${type}-${kind}`,
      interface: kind,
      region: REGION,
      region_id: REGION,
      url: `${origin}${path}`,
    })),
  }));
}
