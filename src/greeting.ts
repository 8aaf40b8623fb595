/** What a newcomer reads when the server is up: where to look, and what to try. */
export function greeting(url: string): string {
  const base = url.replace('[::1]', '127.0.0.1');
  return `
Tasktag listens on ${base}

  Swagger UI       ${base}/docs
  OpenAPI          ${base}/openapi.json

Try it: create a server, then ask by the tag what became of it.

  curl -i ${base}/v3/servers -H 'X-Auth-Token: alice:demo' -H 'Task-tag: my first server' \\
    -H 'Content-Type: application/json' \\
    -d '{"server": {"name": "vm1", "imageRef": "70a599e0-31e7-49b7-b260-868f441e862b", "flavorRef": "1"}}'

  curl ${base}/v3/servers/my%20first%20server/tasks -H 'X-Auth-Token: alice:demo'

`;
}
