import type { Create } from './way.js';

/** What happens to the answer of a create. */
export interface Trouble {
  /** The head of its column. */
  title: string;
  text: string;
  /** Whether the gateway can know that the answer did not arrive. */
  isKnown: boolean;
  play: (create: Create) => Promise<void>;
}

const PAGE = '<html><head><title>504 Gateway Time-out</title></head><body>504 Gateway Time-out</body></html>';

export const TROUBLES = {
  reset: {
    title: 'reset',
    text: 'the connection is reset (RST) while Nova works',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      create.leave();
      create.client.resetAndDestroy();
      create.letNovaAnswer();
    },
  },
  closed: {
    title: 'closed',
    text: 'the connection is closed (FIN) while Nova works',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      create.leave();
      create.client.end();
      create.letNovaAnswer();
    },
  },
  page: {
    title: '504',
    text: 'a proxy loses its patience: it closes the connection to the gateway, and answers 504',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      create.leave();
      create.response.writeHead(504, { 'Content-Type': 'text/html' }).end(PAGE);
      create.letNovaAnswer();
    },
  },
  timeout: {
    title: 'time-out',
    text: 'the client itself loses its patience',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      await create.untilClientHasLeft();
      create.leave();
      create.letNovaAnswer();
    },
  },
  killed: {
    title: 'killed',
    text: 'the client is killed (SIGKILL) while Nova works, and started again',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      await create.killClient();
      create.leave();
      create.letNovaAnswer();
    },
  },
  twice: {
    title: 'sent twice',
    text: 'the connection between a proxy and the gateway breaks while Nova works, and the proxy sends the request again at once',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      create.leave();
      const passed = create.pass();
      await create.untilGatewayHasIt();
      create.letNovaAnswer();
      await passed;
    },
  },
  crash: {
    title: 'gateway killed',
    text: 'the gateway is killed (SIGKILL) while Nova works, and started again; then the connection to the client is reset',
    isKnown: true,
    play: async (create) => {
      await create.sendUntilNovaHasIt();
      await create.crashGateway();
      create.letNovaAnswer();
      create.client.resetAndDestroy();
    },
  },
  swallowed: {
    title: 'lost behind a proxy',
    text: 'a proxy takes the whole answer from the gateway, and the connection to the client is reset before it has passed it on',
    isKnown: false,
    play: async (create) => {
      create.letNovaAnswer();
      await create.untilAnswered();
      create.client.resetAndDestroy();
    },
  },
} satisfies Record<string, Trouble>;

export type TroubleName = keyof typeof TROUBLES;
