// Serves browser.html, and passes the API on to a server, so that both are of one origin and no CORS is needed.
//
//   npm start                      in one terminal
//   node examples/browser.mjs      in another one
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { basename, join } from 'node:path';

const { API_URL = 'http://127.0.0.1:8780', PORT = '8781' } = process.env;

const server = createServer(async (incoming, response) => {
  const { method, url, headers } = incoming;
  if (url.startsWith('/v3/')) {
    const outgoing = request(API_URL + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
    return;
  }
  const file = url.startsWith('/client/') ? join('..', 'dist', 'client', basename(url)) : 'browser.html';
  try {
    const content = await readFile(join(import.meta.dirname, file));
    response.setHeader('Content-Type', file.endsWith('.js') ? 'text/javascript' : 'text/html').end(content);
  } catch {
    response.writeHead(404).end();
  }
});

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
