import type { Lab } from './gateway.js';

/** A region of the lab's catalogue whose compute service is a gateway: what an operator does, for a test's time. */
export class Region {
  private readonly endpoints: string[] = [];

  private constructor(
    private readonly lab: Lab,
    readonly name: string,
  ) {}

  /** @param compute where clients of the region find the compute API */
  static async of(lab: Lab, name: string, compute: string): Promise<Region> {
    const region = new Region(lab, name);
    const admin = await region.admin();
    await lab.identity.call('POST', '/regions', admin, { body: { region: { id: name } } });
    const { json: catalogue } = await lab.identity.call('GET', '/endpoints?interface=public', admin);
    const { json } = await lab.identity.call('GET', '/services', admin);
    const typeOf = new Map<string, string>(json.services.map(({ id, type }: any) => [id, type]));
    for (const { service_id, region_id, url } of catalogue.endpoints) {
      if (region_id !== 'RegionOne') continue;
      const own = typeOf.get(service_id) === 'compute' ? compute : url;
      const endpoint = { service_id, region_id: name, interface: 'public', url: own };
      const { json: made } = await lab.identity.call('POST', '/endpoints', admin, { body: { endpoint } });
      region.endpoints.push(made.endpoint.id as string);
    }
    return region;
  }

  /** A `clouds.yaml` for alice in it, as the cloud `tasktag`; another region may be named. */
  clouds(authUrl: string, name = this.name): string {
    return `clouds:
  tasktag:
    auth:
      auth_url: ${authUrl}
      username: alice
      password: alice
      project_name: alpha
      user_domain_id: default
      project_domain_id: default
    region_name: ${name}
`;
  }

  async remove(): Promise<void> {
    const admin = await this.admin();
    for (const id of this.endpoints) await this.lab.identity.call('DELETE', `/endpoints/${id}`, admin);
    await this.lab.identity.call('DELETE', `/regions/${this.name}`, admin);
  }

  private admin(): Promise<string> {
    return this.lab.token({ user: 'admin', project: 'admin' });
  }
}
