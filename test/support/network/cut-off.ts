import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends a whole tagged create, and cuts the connection before its answer can be read. */
export async function createAndCutOff(url: string, tag: string, body: object): Promise<void> {
  const { hostname, port } = new URL(url);
  const json = JSON.stringify(body);
  const head = [
    'POST /v3/servers HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'X-Auth-Token: alice:demo',
    `Task-tag: ${tag}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
  ];
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await new Promise<void>((resolve, reject) => {
    socket.write(`${head.join('\r\n')}\r\n\r\n${json}`, (error) => (error ? reject(error) : resolve()));
  });
  socket.destroy();
}
