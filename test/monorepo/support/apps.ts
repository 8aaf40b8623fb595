/** An application of the monorepo, and where it has which kind of handler. */
export interface App {
  name: 'orders' | 'payments';
  /** What the host has by itself; `RAW_BODY` in the environment may say otherwise. */
  rawBody: boolean;
  tagHeader: string;
  /** A partner does the work. */
  ordinary: string;
  /** Writes a row together with the end of its task. A GET lists the tenant's rows. */
  together: string;
  replayed: string;
  /** Is answered 202. */
  later: string;
  /** Sends its answer itself. */
  byHand: string;
}

export const APPS: App[] = [
  {
    name: 'orders',
    rawBody: true,
    tagHeader: 'Task-tag',
    ordinary: '/orders',
    together: '/orders/reservations',
    replayed: '/orders/invoices',
    later: '/orders/exports',
    byHand: '/orders/labels',
  },
  {
    name: 'payments',
    rawBody: false,
    tagHeader: 'Idempotency-Key',
    ordinary: '/payments',
    together: '/payments/transfers',
    replayed: '/payments/cards',
    later: '/payments/payouts',
    byHand: '/payments/receipts',
  },
];
