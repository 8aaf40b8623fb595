/** What a newcomer reads when the server is up: where to look, and what to try. */
export function greeting(url: string, identity: 'embedded' | 'keystone'): string {
  const base = url.replace('[::1]', '127.0.0.1');
  const token = identity === 'keystone' ? '"X-Auth-Token: $TOKEN"' : "'X-Auth-Token: alice:demo'";
  return `
Tasktag listens on ${base}

  Swagger UI       ${base}/docs
  OpenAPI          ${base}/openapi.json

Try it: create a server, then ask by the tag what became of it.
${identity === 'keystone' ? '\n  TOKEN=$(openstack token issue -f value -c id)\n' : ''}
  curl -i ${base}/v3/servers -H ${token} -H 'Task-tag: my first server' \\
    -H 'Content-Type: application/json' \\
    -d '{"server": {"name": "vm1", "imageRef": "70a599e0-31e7-49b7-b260-868f441e862b", "flavorRef": "1"}}'

  curl ${base}/v3/servers/my%20first%20server/tasks -H ${token}

`;
}
