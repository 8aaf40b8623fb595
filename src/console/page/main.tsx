import { render } from 'preact';
import { App } from './app.js';
import { loadSettings } from './settings.js';

const place = document.querySelector('#app');

async function start(): Promise<void> {
  if (place === null) return;
  try {
    await loadSettings();
    render(<App />, place);
  } catch {
    render(<p class="problem">The server does not answer. This page tries again in a few seconds.</p>, place);
    setTimeout(() => void start(), 3000);
  }
}

void start();
