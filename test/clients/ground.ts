import { MARIADB_URL, onServer } from '../support/database/database.js';
import { Lab } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { LAB_KEYSTONE, LAB_NOVA } from '../support/openstack/lab.js';
import { Region } from '../support/openstack/region.js';
import { Corner } from './corner.js';
import { NovaSide } from './nova-side.js';
import { Way } from './way.js';

const ADMIN = { user: 'admin', project: 'admin' };

/** The lab, with a project without networks: a server without a wish gets none there. */
export class Ground {
  private readonly corners: Corner[] = [];

  private constructor(
    readonly lab: Lab,
    private readonly project: { id: string; name: string },
    readonly novaSide: NovaSide,
  ) {}

  static async make(): Promise<Ground> {
    const lab = new Lab();
    const name = `tasktag-clients-${process.pid}`;
    const { json } = await lab.identity.call('POST', '/projects', await lab.token(ADMIN), {
      body: { project: { name, domain_id: 'default' } },
    });
    const project = { id: json.project.id as string, name };
    return new Ground(lab, project, await NovaSide.before(LAB_NOVA));
  }

  /** A corner for a client. */
  async corner(client: string): Promise<Corner> {
    const user = await LabUser.in(this.lab, this.project);
    const way = await Way.of(this.novaSide);
    const region = await Region.of(this.lab, `clients-${process.pid}-${client}`, `${way.url}/v2.1`);
    const corner = new Corner(this.lab, this.project, { user, way, region });
    this.corners.push(corner);
    return corner;
  }

  async close(): Promise<void> {
    for (const corner of this.corners) await corner.close();
    await this.novaSide.close();
    await this.lab.identity.call('DELETE', `/projects/${this.project.id}`, await this.lab.token(ADMIN));
    await this.lab.close();
  }
}

/** Why there is no ground to play on; `null` when there is one. */
export async function whyNoGround(): Promise<string | null> {
  const answers = await fetch(LAB_KEYSTONE).then(
    () => true,
    () => false,
  );
  if (!answers) return `no OpenStack lab: no Keystone answers at ${LAB_KEYSTONE}`;
  return onServer('DO 0').then(
    () => null,
    () => `no MariaDB answers at ${MARIADB_URL}; TEST_MARIADB_URL may name another one`,
  );
}
