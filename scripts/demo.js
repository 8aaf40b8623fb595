// The story of a lost answer, in a terminal: a tagged create whose answer never arrives is looked up by its tag until
// it has ended, and sent again without making a second server. Exits with 0 only if the story held.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
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
const TASKS = `/v3/servers/${encodeURIComponent(TAG)}/tasks`;

/** Milliseconds after which the story is given up. */
const PATIENCE = 9000;

const folder = mkdtempSync(join(tmpdir(), 'tasktag-demo-'));
const server = spawn(process.execPath, [join(import.meta.dirname, '..', 'dist', 'main.js')], {
  cwd: folder, // no .env of the user is read here
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    LOG_LEVEL: 'silent',
    EMBEDDED_TASK_MS: '1500',
    DATABASE_URL: `sqlite:${folder}/demo.sqlite`,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const exit = once(server, 'exit');
// Without its server the story ends at once.
const watchdog = setTimeout(() => server.kill('SIGKILL'), PATIENCE);
try {
  await tellStory(await listening());
} catch (error) {
  console.error(`\nThe story did not hold: ${error.message}`);
  process.exitCode = 1;
} finally {
  clearTimeout(watchdog);
  server.kill();
  await exit;
  rmSync(folder, { recursive: true });
}

async function tellStory(url) {
  say(
    `1. A client asks for a server, under a tag of its own. The connection breaks before the answer arrives.`,
  );
  show('>', 'POST /v3/servers');
  show('>', `Task-tag: ${TAG}`);
  show('>', BODY);
  await sendAndHangUp(url);
  show('x', 'connection lost. Was the server created?');

  say('2. It looks up the outcome of the request by the tag.');
  const task = await followTask(url);
  assert.equal(task.state, 'success');

  say('3. Another client does not ask, but sends the request again. It is refused: nothing is done twice.');
  show('>', 'POST /v3/servers');
  show('>', `Task-tag: ${TAG}`);
  show('>', BODY);
  const again = await call(url, '/v3/servers', { method: 'POST', body: BODY });
  const refusal = again.json.conflictingRequest;
  show('<', `${again.status}  ${refusal?.message}  (task ${refusal?.task?.uuid})`);
  assert.equal(again.status, 409);
  assert.equal(refusal.task.uuid, task.uuid);

  say('4. So there is one server.');
  show('>', 'GET /v3/servers');
  const { status, json } = await call(url, '/v3/servers');
  show('<', `${status}  ${json.servers.map(({ name, id }) => `${name}  ${id}`).join(', ')}`);
  assert.deepEqual(
    json.servers.map(({ id }) => id),
    [task.resource.server],
  );
  console.log('\nTry it yourself: npm start\n');
}

/** Sends the whole request, and closes the connection as soon as the bytes are out. */
async function sendAndHangUp(url) {
  const { host, hostname, port } = new URL(url);
  const head =
    `POST /v3/servers HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Token: ${TOKEN}\r\nTask-tag: ${TAG}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n`;
  const socket = connect(Number(port), hostname);
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.write(head + BODY, resolve);
  });
  socket.destroy();
}

/** Asks until the task has ended, shows each state once, and returns the task. */
async function followTask(url) {
  for (let shown; ; await pause(100)) {
    const { status, json } = await call(url, TASKS);
    if (status === 404) continue; // the bytes are still on their way
    const [task] = json.tasks;
    const { server: id } = task.resource ?? {};
    if (task.state === shown || id === undefined) continue;
    shown = task.state;
    show('>', `GET ${TASKS}`);
    show('<', `${status}  ${task.task}: ${task.state}, server ${id}`);
    if (['success', 'failure'].includes(task.state)) return task;
  }
}

async function call(url, path, { method, body } = {}) {
  const answer = await fetch(url + path, {
    method,
    body,
    headers: {
      'X-Auth-Token': TOKEN,
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Task-tag': TAG }),
    },
  });
  return { status: answer.status, json: await answer.json() };
}

function listening() {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const url = /listens on (\S+)\s/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    exit.then(() => reject(new Error('the server did not start')), reject);
  });
}

function say(text) {
  console.log(`\n${text}\n`);
}

function show(direction, text) {
  console.log(`   ${direction} ${text}`);
}
