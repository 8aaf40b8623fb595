import { useState } from 'preact/hooks';
import { addressOf, settings } from '../settings.js';
import { curlOf } from '../words/curl.js';
import { Dialog } from './dialog.js';

/** Shows the command that asks the API for the same as the page. */
export function CopyCurl({ url }: { url: () => string }) {
  const [command, setCommand] = useState<string | null>(null);
  return (
    <>
      <button type="button" onClick={() => setCommand(curlOf(addressOf(url()), tokenHeaderName()))}>
        Copy as curl
      </button>
      {command !== null && <CurlDialog command={command} close={() => setCommand(null)} />}
    </>
  );
}

function CurlDialog({ command, close }: { command: string; close: () => void }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      setSaid('Copied.');
    } catch {
      // Browsers keep the clipboard from pages that came without TLS.
      setSaid('The browser does not allow it. Select the text, and copy it.');
    }
  };
  return (
    <Dialog title="The same with curl" close={close}>
      <p>
        <label for="command">Set TOKEN in your shell first; the command does not have yours.</label>
      </p>
      <textarea
        id="command"
        class="code"
        rows={4}
        readOnly
        value={command}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="buttons">
        <button type="button" class="primary" onClick={() => void copy()}>
          Copy
        </button>
        <button type="button" onClick={close}>
          Close
        </button>
        <span role="status">{said}</span>
      </div>
    </Dialog>
  );
}

function tokenHeaderName(): [string, string | null] | null {
  const { signIn } = settings;
  if (signIn.by === 'browser') return null;
  return signIn.by === 'keystone' ? ['X-Auth-Token', null] : [signIn.header, signIn.scheme];
}
