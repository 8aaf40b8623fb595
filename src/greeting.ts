/** A server of the simulated cloud. */
const SIMULATED = '"imageRef": "70a599e0-31e7-49b7-b260-868f441e862b", "flavorRef": "1"';

/** A server of the user's own cloud; only the user can look up the ids. */
const REAL = `"imageRef": "'$IMAGE'", "flavorRef": "'$FLAVOR'", "networks": "none"`;

const SIGN_IN = `
  TOKEN=$(openstack token issue -f value -c id)
`;

const LOOK_UP = `  IMAGE=$(openstack image list --status active -f value -c ID | head -n 1)
  FLAVOR=$(openstack flavor list -f value -c ID | head -n 1)
`;

/** Shown to a newcomer when the server is up: the addresses, and a first request to try. */
export function greeting(
  url: string,
  identity: 'embedded' | 'keystone',
  compute: 'embedded' | 'nova',
  hasConsole = true,
): string {
  const base = url.replace('[::1]', '127.0.0.1');
  const token = identity === 'keystone' ? '"X-Auth-Token: $TOKEN"' : "'X-Auth-Token: alice:demo'";
  const isGateway = compute === 'nova';
  const preparation = `${identity === 'keystone' ? SIGN_IN : ''}${isGateway ? LOOK_UP : ''}`;
  const version = isGateway ? "-H 'OpenStack-API-Version: compute 2.60' " : '';
  return `
Tasktag listens on ${base}

${hasConsole ? `  Console          ${base}/console\n` : ''}  Swagger UI       ${base}/docs
  OpenAPI          ${base}/openapi.json

Try it: create a server, then look up the outcome by the tag.
${preparation}
  curl -i ${base}/v3/servers -H ${token} -H 'Task-tag: my first server' \\
    ${version}-H 'Content-Type: application/json' \\
    -d '{"server": {"name": "vm1", ${isGateway ? REAL : SIMULATED}}}'

  curl ${base}/v3/servers/my%20first%20server/tasks -H ${token}

`;
}
