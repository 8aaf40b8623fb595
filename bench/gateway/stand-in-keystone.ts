import { createServer } from 'node:http';

/** Stands in for Keystone: every token is valid for an hour, and belongs to the same user. */
function token(): string {
  const now = Date.now();
  return JSON.stringify({
    token: {
      methods: ['password'],
      user: {
        domain: { id: 'default', name: 'Default' },
        id: '9ba61a668bcd483681198901ee236dac',
        name: 'bench',
      },
      issued_at: new Date(now).toISOString(),
      expires_at: new Date(now + 3_600_000).toISOString(),
      project: {
        domain: { id: 'default', name: 'Default' },
        id: 'd0a00bb40b1743029e834a2e1caef6d9',
        name: 'bench',
      },
      roles: [
        { id: '1', name: 'member' },
        { id: '2', name: 'service' },
      ],
    },
  });
}

const server = createServer((request, response) => {
  const isToken = request.url?.startsWith('/v3/auth/tokens') === true;
  const isNew = isToken && request.method === 'POST';
  request.resume();
  response.writeHead(isNew ? 201 : 200, {
    'content-type': 'application/json',
    ...(isNew && { 'x-subject-token': `gAAAAA${'stand-in'.repeat(20)}` }),
  });
  response.end(isToken ? token() : '{"version": {"id": "v3.14", "status": "stable", "links": []}}');
});

server.listen(0, '127.0.0.1', () => {
  process.on('message', () => {
    const { port } = server.address() as { port: number };
    process.send?.(`http://127.0.0.1:${port}`);
  });
});
