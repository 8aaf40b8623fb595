// The story of a lost answer, in a terminal: a tagged create whose answer never arrives, asked for by its tag until
// it has ended, and sent again without making a second server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const TAG = 'order 4711';
const TOKEN = 'alice:demo';
const BODY = JSON.stringify({
  server: { name: 'vm1', imageRef: '70a599e0-31e7-49b7-b260-868f441e862b', flavorRef: '1' },
});

const folder = mkdtempSync(join(tmpdir(), 'tasktag-demo-'));
const server = spawn(process.execPath, [join(import.meta.dirname, '..', 'dist', 'main.js')], {
  env: {
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    DATABASE_URL: `sqlite:${folder}/demo.sqlite`,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await tellStory(await listening());
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true });
}

async function tellStory(url) {
  say(`1. A client asks for a server, with the tag "${TAG}", and is cut off before the answer arrives.`);
  show(`POST /v3/servers   Task-tag: ${TAG}`);
  await sendAndHangUp(url);
  show('(connection lost: was it created?)');

  say('2. It asks by the tag what became of the request.');
  for (let state = ''; state !== 'success'; await pause(500)) {
    const answer = await fetch(`${url}/v3/servers/${encodeURIComponent(TAG)}/tasks`, {
      headers: { 'X-Auth-Token': TOKEN },
    });
    const { tasks: [task] = [] } = await answer.json();
    if (task?.state === state) continue;
    state = task?.state;
    show(
      `GET /v3/servers/${encodeURIComponent(TAG)}/tasks   ${answer.status}  ${task?.task}: ${state}  ${JSON.stringify(task?.resource)}`,
    );
  }

  say('3. A client that does not ask, but sends the request again, is refused: there is no second server.');
  const again = await fetch(`${url}/v3/servers`, {
    method: 'POST',
    headers: { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json', 'Task-tag': TAG },
    body: BODY,
  });
  const { conflictingRequest } = await again.json();
  show(`POST /v3/servers   Task-tag: ${TAG}   ${again.status}  ${conflictingRequest.message}`);

  const { servers } = await (await fetch(`${url}/v3/servers`, { headers: { 'X-Auth-Token': TOKEN } })).json();
  show(`GET /v3/servers   ${servers.length} server: ${servers[0].id}`);
}

/** Sends the whole request, and closes the connection as soon as the bytes are out. */
async function sendAndHangUp(url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head =
    `POST /v3/servers HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-Auth-Token: ${TOKEN}\r\nTask-tag: ${TAG}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;
  await new Promise((done) => socket.write(head + BODY, done));
  socket.destroy();
  await pause(100); // the server reads what has arrived
}

async function listening() {
  let output = '';
  for await (const chunk of server.stdout) {
    output += chunk;
    const url = /listens on (\S+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('The server did not start.');
}

function say(text) {
  console.log(`\n${text}`);
}

function show(text) {
  console.log(`   ${text}`);
}
